import type { Page, SessionView } from '../api/types.js';
import type { Connection } from './connection.svelte.js';

type FetchSessions = (query: { state: 'live'; limit: number; cursor?: string }) => Promise<Page<SessionView>>;
const PAGE = 200;
/** Pages read at most; beyond that a session is found by its own page, not from the stream. */
const PAGES_MAX = 10;

/**
 * The sessions of Gatehouse's own sign-in that are open now. An attempt may name a session of any application; only
 * one that is in here can be ended from here, and a source can't claim someone else's, since the person must fit too.
 */
export class OpenSessions {
  /** Grows with each change, so that what was read from here is read again. */
  version = $state(0);
  readonly #persons = new Map<string, string>();
  /** While the list is being read: what changed since, ended sessions as null, as that list may be older. */
  #meanwhile: Map<string, string | null> | null = null;

  follow(connection: Pick<Connection, 'on' | 'onLive'>, fetch: FetchSessions): () => void {
    // Without the list no session is offered to be ended here; the sessions page reports what is wrong.
    const load = (): void => void this.#load(fetch).catch(() => undefined);
    const stops = [
      connection.on('session.started', (session) => this.#add(session)),
      connection.on('session.revoked', ({ sessionId }) => this.ended([sessionId])),
      connection.onLive(load),
    ];
    load();
    return () => stops.forEach((stop) => stop());
  }

  /** Whether this session is open and belongs to this person. */
  has(sessionId: string | null, personId: string | undefined): boolean {
    return (
      this.version >= 0 && sessionId !== null && personId !== undefined && this.#persons.get(sessionId) === personId
    );
  }

  countOf(personId: string): number {
    let count = 0;
    if (this.version >= 0) for (const owner of this.#persons.values()) if (owner === personId) count += 1;
    return count;
  }

  ended(sessionIds: readonly string[]): void {
    for (const id of sessionIds) this.#change(id, null);
    this.version += 1;
  }

  #add(session: SessionView): void {
    this.#change(session.id, session.person.id);
    this.version += 1;
  }

  #change(id: string, personId: string | null): void {
    this.#meanwhile?.set(id, personId);
    this.#put(id, personId);
  }

  #put(id: string, personId: string | null): void {
    if (personId === null) this.#persons.delete(id);
    else this.#persons.set(id, personId);
  }

  async #load(fetch: FetchSessions): Promise<void> {
    const meanwhile = new Map<string, string | null>();
    this.#meanwhile = meanwhile;
    try {
      const found = await readAll(fetch);
      // A newer load knows more.
      if (this.#meanwhile !== meanwhile) return;
      this.#persons.clear();
      for (const session of found) this.#put(session.id, session.person.id);
      for (const [id, personId] of meanwhile) this.#put(id, personId);
      this.version += 1;
    } finally {
      if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    }
  }
}

async function readAll(fetch: FetchSessions): Promise<SessionView[]> {
  const found: SessionView[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer: Page<SessionView> = await fetch({ state: 'live', limit: PAGE, ...(cursor ? { cursor } : {}) });
    found.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) break;
  }
  return found;
}
