import { session } from '../../app/session.svelte.js';

/**
 * Backup codes that were shown and not saved yet. The server has none to show again, so they outlive the page that got them: who
 * follows a link and comes back finds them still. Gone when the tab is closed or loaded again, and when the session ends or locks.
 */
class UnsavedCodes {
  codes = $state.raw<string[] | null>(null);

  constructor() {
    session.onLeave(() => (this.codes = null));
  }

  /** Asks before the tab forgets them. */
  guard = (event: BeforeUnloadEvent): void => {
    if (this.codes) event.preventDefault();
  };
}
export const unsavedCodes = new UnsavedCodes();
