import { api } from '../../api/api.js';
import { ApiError, toApiError } from '../../api/api-error.js';
import type { ServerEvents, SessionView } from '../../api/types.js';
import { announcer } from '../../ui/announcer.svelte.js';
import { clientName, endWords } from '../../ui/naming.js';
import { count } from '../../ui/wording.js';
import { byDevice, newestUseFirst } from './device-groups.js';

type Ended = Parameters<ServerEvents['session.revoked']>[0];

/** Where the sessions come from and where an end is asked for. */
type SessionsApi = Pick<typeof api, 'mySessions' | 'endMySession' | 'endMyOtherSessions'>;

/** The own sessions: loaded once, then kept up by the socket. */
export class MySessions {
  live = $state.raw<SessionView[]>([]);
  /** Ended before this page was opened, newest first. */
  past = $state.raw<SessionView[]>([]);
  /** Ended while the page is open: they stay where they are, with these words instead of the button. */
  justEnded = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Started while the page is open. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  ending = $state.raw<ReadonlySet<string>>(new Set());
  loaded = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** Which session was not ended, and why. */
  refusal = $state.raw<{ sessionId: string; error: ApiError } | null>(null);
  /** Why the others were not ended. */
  othersRefusal = $state.raw<ApiError | null>(null);
  readonly #personId: string;
  readonly #api: SessionsApi;

  constructor(personId: string, sessions: SessionsApi = api) {
    this.#personId = personId;
    this.#api = sessions;
  }

  devices = $derived(byDevice(this.live));
  open = $derived(this.live.filter((session) => !this.justEnded.has(session.id)));
  others = $derived(this.open.filter((session) => !session.current));
  /** Devices that are still signed in. */
  openDevices = $derived(byDevice(this.open));

  load = async (): Promise<void> => {
    try {
      const [live, past] = await Promise.all([
        this.#api.mySessions({ state: 'live', limit: 200 }),
        this.#api.mySessions({ state: 'ended', limit: 50 }),
      ]);
      this.live = live.items.sort(newestUseFirst);
      this.fresh = new Set();
      this.past = past.items;
      this.justEnded = new Map();
      this.error = null;
      this.loaded = true;
    } catch (thrown) {
      this.error = toApiError(thrown);
    }
  };

  /** What became known of the sessions shown, such as their place: no row moves, comes or goes. */
  refresh = async (): Promise<void> => {
    try {
      const { items } = await this.#api.mySessions({ state: 'live', limit: 200 });
      const now = new Map(items.map((session) => [session.id, session]));
      this.live = this.live.map((session) => now.get(session.id) ?? session);
    } catch (thrown) {
      // Nobody asked for it: what is shown stays, and the next action says what is wrong.
      if (!(thrown instanceof ApiError)) throw thrown;
    }
  };

  async end(session: SessionView): Promise<void> {
    if (this.ending.has(session.id)) return;
    this.refusal = null;
    this.ending = new Set(this.ending).add(session.id);
    try {
      await this.#api.endMySession(session.id);
      this.#mark([session.id], 'Signed out just now');
      announcer.say(`Signed out ${clientName(session.client)}`, { own: true });
    } catch (thrown) {
      const error = toApiError(thrown);
      // It had ended before: what was wanted is so, perhaps by a press whose answer was lost.
      if (error.code === 'not_found') this.#mark([session.id], 'Signed out');
      else this.refusal = { sessionId: session.id, error };
    } finally {
      this.ending = new Set([...this.ending].filter((id) => id !== session.id));
    }
  }

  /** Ends all others, and with `includeCurrent` this one too. Resolves to how many were ended, or null. */
  async endOthers(includeCurrent: boolean, lostDevice: boolean): Promise<number | null> {
    this.othersRefusal = null;
    try {
      const receipt = await this.#api.endMyOtherSessions(includeCurrent, lostDevice);
      this.#mark(
        receipt.sessions.map(({ id }) => id),
        'Signed out just now',
      );
      if (receipt.sessions.length > 0)
        announcer.say(`Signed out of ${count(receipt.sessions.length, 'session')}`, { own: true });
      return receipt.sessions.length;
    } catch (thrown) {
      this.othersRefusal = toApiError(thrown);
      return null;
    }
  }

  /** Somebody signed in; staff hear of everybody. */
  started(session: SessionView): void {
    if (session.person.id !== this.#personId || this.live.some(({ id }) => id === session.id)) return;
    this.live = [...this.live, session];
    this.fresh = new Set(this.fresh).add(session.id);
    announcer.say(`New sign-in: ${clientName(session.client)}`);
  }

  /** A session ended somewhere else. */
  ended({ sessionId, reason }: Ended): void {
    const session = this.live.find(({ id }) => id === sessionId);
    if (!session || this.justEnded.has(sessionId)) return;
    const byOther = reason === 'revoked_by_staff' || reason === 'revoked_by_manager';
    this.#mark([sessionId], byOther ? `Signed out just now ${endWords[reason]}` : 'Signed out just now');
    announcer.say(`${clientName(session.client)} was signed out`);
  }

  #mark(ids: string[], words: string): void {
    this.justEnded = new Map([...this.justEnded, ...ids.map((id) => [id, words] as const)]);
  }
}
