import { api } from '../../api/api.js';
import { toApiError } from '../../api/api-error.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import type { RevocationReceipt, ServerEvents, SessionCount, SessionView } from '../../api/types.js';
import { clientName } from '../../ui/naming.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';

/** How long the count waits for more to happen, in milliseconds. */
const RECOUNT_MS = 200;

type Ended = Parameters<ServerEvents['session.revoked']>[0];
export type EndedMark = { words: string; receiptId: string | null };

export type SessionFilter = {
  person: string | null;
  ip: string | null;
  search: string | null;
  state: string | null;
  sort: string | null;
};

/** Everybody's sessions, kept up by the socket. New ones are held back until the reader asks for them. */
export class LiveSessions {
  readonly list: PagedList<SessionView>;
  /** Started while the page is open; shown on request, so that no row moves under the pointer. */
  fresh = $state.raw<SessionView[]>([]);
  ended = $state.raw<ReadonlyMap<string, EndedMark>>(new Map());
  ending = $state.raw<ReadonlySet<string>>(new Set());
  /** Everything that the filter finds, also what is not shown yet. */
  readonly total: Resource<SessionCount>;

  readonly #filter: () => SessionFilter;
  #counting: ReturnType<typeof setTimeout> | undefined;

  constructor(filter: () => SessionFilter) {
    this.#filter = filter;
    this.list = new PagedList((cursor) => api.sessions({ ...filter(), cursor, limit: 100 }));
    this.total = new Resource(() => {
      const { sort: _, ...found } = filter();
      return api.countSessions(found);
    });
  }

  load = async (): Promise<void> => {
    await Promise.all([this.list.load(), this.total.load()]);
    this.fresh = [];
    this.ended = new Map();
  };

  /** Ends all of them in one step. @returns whether it was done */
  async endAll(sessions: readonly SessionView[], reason: string): Promise<boolean> {
    const ids = sessions.map(({ id }) => id);
    this.ending = new Set([...this.ending, ...ids]);
    try {
      const { receipt, notEnded } = await api.endSessions(ids, reason.trim() || undefined);
      const over = new Set(notEnded);
      const marks = ids.map((id): [string, EndedMark] => [
        id,
        over.has(id)
          ? { words: 'Had ended already', receiptId: null }
          : { words: 'Ended just now', receiptId: receipt?.id ?? null },
      ]);
      this.ended = new Map([...this.ended, ...marks]);
      this.#recount();
      tellEnded(ids.length - over.size, over.size, receipt);
      return true;
    } catch (thrown) {
      const error = toApiError(thrown);
      toasts.show({ text: `No session was ended. ${error.message}`, detail: error.next });
      return false;
    } finally {
      this.ending = new Set([...this.ending].filter((id) => !ids.includes(id)));
    }
  }

  showFresh(): void {
    this.list.items = [...this.fresh, ...this.list.items];
    this.fresh = [];
  }

  /** Takes effect at once: a revoke is never delayed to make an undo possible. */
  async end(session: SessionView): Promise<void> {
    if (this.ending.has(session.id) || this.ended.has(session.id)) return;
    this.ending = new Set(this.ending).add(session.id);
    const name = `${session.person.name}, ${clientName(session.client)}`;
    try {
      const receipt = await api.endSession(session.id);
      this.#mark(session.id, { words: 'Ended just now', receiptId: receipt.id });
      toasts.show({
        text: `Signed out ${name}.`,
        detail: 'They can sign in again.',
        link: { href: `/receipts/${receipt.id}`, label: 'Receipt' },
      });
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.code === 'not_found') this.#mark(session.id, { words: 'Had ended already', receiptId: null });
      else toasts.show({ text: `${name} is still signed in.`, detail: `${error.message} ${error.next}` });
    } finally {
      this.ending = new Set([...this.ending].filter((id) => id !== session.id));
    }
  }

  started(session: SessionView): void {
    if (!matches(session, this.#filter())) return;
    if ([...this.fresh, ...this.list.items].some(({ id }) => id === session.id)) return;
    this.fresh = [session, ...this.fresh];
    this.#recount();
  }

  revoked({ sessionId, by }: Ended): void {
    this.fresh = this.fresh.filter(({ id }) => id !== sessionId);
    if (this.ended.has(sessionId) || this.ending.has(sessionId)) return;
    if (!this.list.items.some(({ id }) => id === sessionId)) return;
    this.#mark(sessionId, { words: by === null ? 'Ended just now' : `Ended just now by ${by}`, receiptId: null });
  }

  #mark(id: string, mark: EndedMark): void {
    this.ended = new Map(this.ended).set(id, mark);
    this.#recount();
  }

  /** Asked once for all that ends or begins together. */
  #recount(): void {
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => void this.total.load(), RECOUNT_MS);
  }
}

/** What was done, what was not, and which servers still owe their word. */
function tellEnded(done: number, over: number, receipt: RevocationReceipt | null): void {
  const missing = over === 0 ? '' : ` ${count(over, 'session')} had ended already.`;
  const waiting = receipt?.pendingNodes.length ?? 0;
  toasts.show({
    text: done === 0 ? `No session was ended.${missing}` : `Ended ${count(done, 'session')}.${missing}`,
    detail:
      waiting === 0
        ? 'They can sign in again.'
        : `${count(waiting, 'server')} still to confirm; every server refuses the sessions already.`,
    ...(receipt && { link: { href: `/receipts/${receipt.id}`, label: 'Receipt' } }),
  });
}

/** Whether a session that has just begun belongs to what is shown; what was loaded, the server has filtered. */
function matches(session: SessionView, { person: one, ip: address, search }: SessionFilter): boolean {
  const { person, ip, place, network, client } = session;
  if ((one !== null && person.id !== one) || (address !== null && ip !== address)) return false;
  const wanted = (search ?? '').trim().toLocaleLowerCase('en-GB');
  return [person.name, person.email, ip, place?.city, place?.country, network.organisation, client.browser, client.os]
    .filter((value) => typeof value === 'string')
    .some((value) => value.toLocaleLowerCase('en-GB').includes(wanted));
}
