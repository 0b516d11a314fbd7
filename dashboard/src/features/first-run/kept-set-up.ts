/** What the set-up page gives back after a reload. Never the password. */
export type KeptSetUp = { token: string; name: string; email: string; organisation: string; timeZone: string };

const KEY = 'gatehouse.set-up';
/** Who comes back later opens the link again: a browser that restores its tabs keeps their storage on the disk. */
const KEPT_MS = 60 * 60_000;

/** Keeps it in this tab alone, as long as the set-up goes on. */
export function keepSetUp(kept: KeptSetUp): void {
  sessionStorage.setItem(KEY, JSON.stringify({ ...kept, until: Date.now() + KEPT_MS }));
}

/** What was kept in this tab and is not too old; what is too old goes. */
export function keptSetUp(): KeptSetUp | null {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return null;
  const { until, ...kept } = JSON.parse(text) as KeptSetUp & { until: number };
  if (until > Date.now()) return kept;
  forgetSetUp();
  return null;
}

/** The link is spent or not valid: nothing of it stays. */
export function forgetSetUp(): void {
  sessionStorage.removeItem(KEY);
}
