import { toasts } from '../../ui/toasts.svelte.js';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Kept = { path: string; key: string; value: string; checked: boolean };

/** How long what was typed waits for its form to be opened again, and until that is said, in milliseconds. */
const KEPT_MS = 15 * 60_000;
const SAID_AFTER_MS = 1_500;

/**
 * What was typed and not sent when the page was locked. It leaves the page with everything else, is kept in memory alone, and comes
 * back where the same field is shown to the same person again. Passwords and codes are never kept.
 */
class KeptText {
  #typed = new WeakSet<Element>();
  #kept: Kept[] = [];
  #observer: MutationObserver | null = null;
  #timers: ReturnType<typeof setTimeout>[] = [];

  /** Notes from now on which fields somebody types into. */
  follow(): void {
    const note = ({ target, isTrusted }: Event): void => {
      if (isTrusted && target instanceof Element) this.#typed.add(target);
    };
    document.addEventListener('input', note, true);
    document.addEventListener('change', note, true);
  }

  /** Takes it off the page. Called before anything of the page goes. */
  keep(): void {
    this.#stop();
    const path = location.pathname;
    const shown = controls().filter(({ control }) => this.#typed.has(control));
    this.#kept = [
      // Of a form that was not opened again since the last time.
      ...this.#kept.filter((one) => one.path !== path || !shown.some(({ key }) => key === one.key)),
      ...shown.map(({ key, control }) => ({ path, key, value: control.value, checked: isChecked(control) })),
    ];
  }

  /** Gives it back wherever its field is shown, now or when a form is opened again. */
  giveBack(): void {
    if (this.#kept.length === 0) return;
    this.#observer = new MutationObserver(() => this.#fill());
    this.#observer.observe(document.body, { childList: true, subtree: true });
    this.#fill();
    const say = (): void => {
      if (this.#kept.some(({ path }) => path === location.pathname))
        toasts.show({ text: 'What you had typed is kept.', detail: 'Open the form again, and it is there.' });
    };
    this.#timers = [setTimeout(say, SAID_AFTER_MS), setTimeout(() => this.drop(), KEPT_MS)];
  }

  drop(): void {
    this.#stop();
    this.#kept = [];
  }

  #stop(): void {
    this.#observer?.disconnect();
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
  }

  #fill(): void {
    const open = this.#kept.filter(({ path }) => path === location.pathname);
    if (open.length === 0) return;
    const shown = new Map(controls().map(({ key, control }) => [key, control]));
    const filled = new Set<Kept>();
    for (const one of open) {
      const control = shown.get(one.key);
      if (control === undefined || !fill(control, one)) continue;
      filled.add(one);
      this.#typed.add(control);
    }
    this.#kept = this.#kept.filter((one) => !filled.has(one));
    if (this.#kept.length === 0) this.#stop();
  }
}
export const keptText = new KeptText();

const secret = /password|one-time-code/;
const untyped = new Set(['password', 'hidden', 'file', 'submit', 'button']);

/** Every field that may be kept, by its label and its place among those of the same label. */
function controls(): { key: string; control: Control }[] {
  const seen = new Map<string, number>();
  return [...document.querySelectorAll<Control>('input, textarea, select')]
    .filter((control) => !untyped.has(control.type) && !secret.test(control.autocomplete))
    .map((control) => {
      const label = control.labels?.[0]?.textContent.trim() ?? control.getAttribute('aria-label') ?? control.name;
      const name = `${control.type} ${label}`;
      const at = seen.get(name) ?? 0;
      seen.set(name, at + 1);
      return { key: `${name} ${at}`, control };
    });
}

const isChecked = (control: Control): boolean => control instanceof HTMLInputElement && control.checked;

/** @returns whether the field took it: a choice may not be loaded yet */
function fill(control: Control, { value, checked }: Kept): boolean {
  if (control.type === 'checkbox' || control.type === 'radio') (control as HTMLInputElement).checked = checked;
  else control.value = value;
  if (control.value !== value) return false;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}
