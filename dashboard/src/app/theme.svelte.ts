const KEY = 'gatehouse.theme';
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Light or dark: the system's wish, unless chosen here. `public/theme.js` applies the choice before the first paint. */
class Theme {
  choice = $state<ThemeChoice>(stored());

  set(choice: ThemeChoice): void {
    this.choice = choice;
    if (choice === 'system') {
      localStorage.removeItem(KEY);
      delete document.documentElement.dataset['theme'];
    } else {
      localStorage.setItem(KEY, choice);
      document.documentElement.dataset['theme'] = choice;
    }
  }
}

function stored(): ThemeChoice {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}
export const theme = new Theme();
