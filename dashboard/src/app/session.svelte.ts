import { api } from '../api/api.js';
import type { ApiError } from '../api/api-error.js';
import { toApiError } from '../api/api-error.js';
import { listenForSignedOut } from '../api/call.js';
import type { EndReason, Me } from '../api/types.js';
import { toasts } from '../ui/toasts.svelte.js';
import { showTime, zone } from '../ui/time.svelte.js';

/** Why this browser is signed out, in words for the page that says so. */
export type SignedOut = { title: string; text: string };

const endTexts: Record<EndReason, (by: string | null) => string> = {
  signed_out: () => 'You signed out on this device.',
  revoked_by_self: () => 'You ended this session from another device.',
  revoked_by_staff: (by) => `${by ?? 'Your security team'} ended this session.`,
  password_changed: () => 'Your password was changed, which ends every session.',
  idle: () => 'This session was not used for a long time.',
  expired: () => 'This session has reached its time limit.',
  account_disabled: () => 'Your account was disabled.',
  role_changed: () => 'Your role was changed. Sign in again to go on with the new one.',
  policy: () => 'A rule of your organisation ended this session.',
};

/** Who is signed in in this browser. */
class Session {
  state = $state<'checking' | 'in' | 'out' | 'failed'>('checking');
  me = $state.raw<Me | null>(null);
  signedOut = $state.raw<SignedOut | null>(null);
  /** Why the first question to the server failed. */
  error = $state.raw<ApiError | null>(null);
  #onLeave = new Set<() => void>();

  constructor() {
    listenForSignedOut((problem) => {
      if (this.state !== 'in') return;
      this.leave({
        title: 'You were signed out',
        text:
          problem.code === 'session_ended' ? (problem.detail ?? 'This session was ended.') : 'Your session is over.',
      });
    });
  }

  /** Asks the server once at the start. */
  async check(): Promise<void> {
    this.state = 'checking';
    try {
      this.enter(await api.me());
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.problem.status === 401) this.state = 'out';
      else {
        this.error = error;
        this.state = 'failed';
      }
    }
  }

  /** Reads again what this person has and may, after something about the account was changed. */
  async refresh(): Promise<void> {
    this.enter(await api.me());
  }

  enter(me: Me): void {
    this.me = me;
    this.signedOut = null;
    this.state = 'in';
    zone.organisation = me.organisation.timeZone;
  }

  async signOut(): Promise<void> {
    try {
      await api.signOut();
    } catch (thrown) {
      // Signed out already is what was wanted; anything else must not pass for it.
      if (toApiError(thrown).problem.status !== 401) throw thrown;
    }
    this.leave(null);
  }

  /** Told by the socket just before it is cut. */
  endedByServer(why: { reason: EndReason; by: string | null }): void {
    if (this.state !== 'in') return;
    this.leave({
      title: 'You were signed out',
      text: `${endTexts[why.reason](why.by)} It ended at ${showTime(Date.now(), 'minute')}.`,
    });
  }

  /** Runs when the session is over, to drop what was loaded. Returns how to stop listening. */
  onLeave(clear: () => void): () => void {
    this.#onLeave.add(clear);
    return () => this.#onLeave.delete(clear);
  }

  leave(why: SignedOut | null): void {
    this.me = null;
    this.signedOut = why;
    this.state = 'out';
    toasts.clear();
    for (const clear of this.#onLeave) clear();
  }
}
export const session = new Session();
