import { api } from '../api/api.js';
import type { ApiError } from '../api/api-error.js';
import { toApiError } from '../api/api-error.js';
import { attendance } from '../api/attendance.js';
import { listenForConfined, listenForLocked, listenForSignedOut } from '../api/call.js';
import type { EndReason, Me, UnlockAnswer } from '../api/types.js';
import { keptText } from '../features/lock/kept-text.js';
import { toasts } from '../ui/toasts.svelte.js';
import { showTime, zone } from '../ui/time.svelte.js';

/** Why this browser is signed out, in words for the page that says so. */
export type SignedOut = { title: string; text: string };

const endTexts: Record<EndReason, (by: string | null) => string> = {
  signed_out: () => 'You signed out on this device.',
  revoked_by_self: () => 'You ended this session, here or on another device.',
  revoked_by_staff: (by) => `${by ?? 'Your security team'} ended this session.`,
  revoked_by_manager: (by) => `${by ?? 'Your manager'} ended this session.`,
  password_changed: () => 'Your password was changed, which ends every session.',
  idle: () => 'This session was not used for a long time.',
  expired: () => 'This session has reached its time limit.',
  account_disabled: () => 'Your account was disabled.',
  role_changed: () => 'Your role was changed. Sign in again to go on with the new one.',
  policy: () => 'A rule of your organisation ended this session.',
};

/** The server names the reason with its refusal. */
function endedBecause(reason: string | undefined): string {
  const known = Object.entries(endTexts).find(([one]) => one === reason);
  return known ? known[1](null) : 'This session was ended.';
}

const title = 'You were signed out';
/** What is said where the answer to a change was lost with the session's new token, unless a page knows better. */
const lostText =
  'The connection broke before an answer came. What you did last may have been done: look after you sign in.';
/** Ending a session that nobody holds keeps nobody waiting for longer, in milliseconds. */
const END_LOST_MS = 4_000;

/** How often a page asks whether the session stands as it shows it, and says that somebody is there. In milliseconds. */
const LOOK_MS = 30_000;

/** Who is signed in in this browser. */
class Session {
  /** `locked`: signed in, with nothing on the page until it is unlocked. */
  state = $state<'checking' | 'in' | 'locked' | 'out' | 'failed'>('checking');
  me = $state.raw<Me | null>(null);
  signedOut = $state.raw<SignedOut | null>(null);
  /** Why the first question to the server failed. */
  error = $state.raw<ApiError | null>(null);
  #onLeave = new Set<() => void>();
  #onNews = new Set<() => void>();
  /** Between the tabs of this browser, which share the session. */
  #tabs: BroadcastChannel | null = null;
  /** The page is covered, and the server could not be told yet. */
  #lockOwed = false;
  /** What a lost answer means to whoever waits for one now, in words; null where a page has nothing better to say. */
  ifLost: string | null = null;
  /** Signing out is under way here: the server telling of it, by socket or refusal, is no news. */
  #signingOut = false;

  constructor() {
    listenForLocked(() => this.cover());
    listenForConfined(() => void this.look());
    listenForSignedOut((problem, unanswered) => {
      if (!this.signedIn || this.#signingOut) return;
      if (problem.code === 'session_ended') this.leave({ title, text: endedBecause(problem.detail) });
      else if (unanswered) void this.#leaveLost();
      else this.leave({ title, text: 'Your session is over.' });
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

  get signedIn(): boolean {
    return this.state === 'in' || this.state === 'locked';
  }

  /** Keeps this page with its session: other tabs, a return to the page, and time lock it and open it again. */
  follow(): void {
    keptText.follow();
    this.#tabs = new BroadcastChannel('gatehouse-session');
    this.#tabs.onmessage = () => this.#news();
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#news());
    setInterval(() => void this.#keep(), LOOK_MS);
  }

  /** Looks whether the session still stands as the page shows it; that it has ended, the answer itself tells. @returns whether an answer came */
  async look(): Promise<boolean> {
    if (!this.signedIn) return true;
    try {
      if (this.#lockOwed) await this.lock();
      const me = await api.me();
      const before = this.me;
      if (before === null) return true;
      // Somebody else signed in in another tab: nothing of this page may go on in their name.
      if (me.person.id !== before.person.id) location.reload();
      const same =
        me.sessionId === before.sessionId &&
        me.confinedTo === before.confinedTo &&
        me.twoStep.recovering === before.twoStep.recovering;
      if (!same || me.lock.locked !== (this.state === 'locked')) this.enter(me);
      return true;
    } catch (thrown) {
      return toApiError(thrown).code !== 'unreachable';
    }
  }

  /** Takes the session that another tab of this browser has begun. @returns whether there is one, as far as can be told */
  async adopt(): Promise<boolean> {
    try {
      this.enter(await api.me());
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return false;
    }
  }

  /** Tells the other tabs that who is signed in here, or signing in, is another. */
  tell(): void {
    this.#tabs?.postMessage('changed');
  }

  /** Runs when it may have changed in another tab. Returns how to stop listening. */
  onNews(listener: () => void): () => void {
    this.#onNews.add(listener);
    return () => this.#onNews.delete(listener);
  }

  #news(): void {
    void (this.state === 'out' ? this.adopt() : this.look());
    for (const listener of this.#onNews) listener();
  }

  /** Reads again what this person has and may, after something about the account was changed. */
  async refresh(): Promise<void> {
    this.enter(await api.me());
  }

  enter(me: Me): void {
    const wasOut = this.state === 'out';
    this.me = me;
    this.signedOut = null;
    if (me.lock.locked) this.cover();
    else {
      if (this.state === 'locked') keptText.giveBack();
      this.state = 'in';
    }
    zone.organisation = me.organisation.timeZone;
    if (wasOut) this.tell();
  }

  /** Locks the session in every tab and on every server. What the server can't be told now is covered all the same. @throws ApiError */
  async lock(): Promise<void> {
    this.cover();
    this.#lockOwed = true;
    await api.lock();
    this.#lockOwed = false;
    this.#tabs?.postMessage('locked');
  }

  /** Takes everything off the page; the session stays, and so does the address. */
  cover(): void {
    if (!this.me || this.state === 'locked') return;
    keptText.keep();
    this.state = 'locked';
    this.#drop();
  }

  /** @throws ApiError */
  async unlock(answer: UnlockAnswer): Promise<void> {
    await api.unlock(answer);
    this.#lockOwed = false;
    this.enter(await api.me());
    this.#tabs?.postMessage('unlocked');
  }

  async signOut(): Promise<void> {
    this.#signingOut = true;
    try {
      await api.signOut();
    } catch (thrown) {
      // Signed out already is what was wanted; anything else must not pass for it.
      if (toApiError(thrown).problem.status !== 401) throw thrown;
    } finally {
      this.#signingOut = false;
    }
    this.leave(null);
    this.tell();
  }

  /** The new token that a change gave this session was lost with its answer: nobody can use the session any more, so it ends. */
  async #leaveLost(): Promise<void> {
    const text = this.ifLost ?? lostText;
    this.#signingOut = true;
    try {
      await api.signOut({ signal: AbortSignal.timeout(END_LOST_MS) });
    } catch {
      // The next sign-in of this browser ends it as well.
    } finally {
      this.#signingOut = false;
    }
    this.leave({ title, text });
  }

  /** Told by the socket just before it is cut. */
  endedByServer(why: { reason: EndReason; by: string | null }): void {
    if (!this.signedIn || this.#signingOut) return;
    this.leave({
      title,
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
    this.#lockOwed = false;
    keptText.drop();
    this.state = 'out';
    this.#drop();
  }

  #drop(): void {
    toasts.clear();
    for (const clear of this.#onLeave) clear();
  }

  /** Somebody who only reads asks nothing of the server, and is there all the same. Where nobody is, an unreachable server can't say it. */
  async #keep(): Promise<void> {
    if (this.state !== 'in' || !this.me) return;
    const { afterMinutes } = this.me.lock;
    const due = afterMinutes !== null && attendance.idleMs >= afterMinutes * 60_000;
    if (!due && attendance.idleMs >= LOOK_MS) return;
    if ((await this.look()) || !due) return;
    this.#lockOwed = true;
    this.cover();
  }
}
export const session = new Session();
