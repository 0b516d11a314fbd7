import { tinykeys } from 'tinykeys';

const KEY = 'gatehouse.shortcuts';

/** Single-key shortcuts can be switched off (WCAG 2.1.4): speech input would press them by accident. */
class ShortcutSwitch {
  on = $state(localStorage.getItem(KEY) !== 'off');

  set(on: boolean): void {
    this.on = on;
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  }
}
export const shortcutSwitch = new ShortcutSwitch();

/** Space and Enter belong to the button, link or box that has the focus. */
function pressesControl(event: KeyboardEvent): boolean {
  if (event.key !== ' ' && event.key !== 'Enter') return false;
  return event.target instanceof Element && event.target.closest('button, a[href], summary, input') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type="checkbox"]), select, textarea, [contenteditable]') !== null
  );
}

/**
 * Listens for shortcuts in tinykeys' notation (`g l`, `Shift+E`) while nothing is typed and no dialog is open.
 * Returns how to stop; from a component: `$effect(() => shortcuts({ … }))`.
 */
export function shortcuts(bindings: Record<string, (event: KeyboardEvent) => void>): () => void {
  const guarded = Object.entries(bindings).map(([keys, act]) => {
    const guard = (event: KeyboardEvent) => {
      if (!shortcutSwitch.on || event.defaultPrevented || event.repeat) return;
      if (isTyping(event.target) || pressesControl(event)) return;
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      act(event);
    };
    return [keys, guard] as const;
  });
  return tinykeys(window, Object.fromEntries(guarded));
}
