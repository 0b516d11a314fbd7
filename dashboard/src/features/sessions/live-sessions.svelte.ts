import { api } from '../../api/api.js';
import { toApiError } from '../../api/api-error.js';
import { PagedList } from '../../api/resource.svelte.js';
import type { ServerEvents, SessionView } from '../../api/types.js';
import { clientName } from '../../ui/naming.js';
import { toasts } from '../../ui/toasts.svelte.js';

type Ended = Parameters<ServerEvents['session.revoked']>[0];
export type EndedMark = { words: string; receiptId: string | null };

/** Everybody's live sessions, kept up by the socket. New ones are held back until the reader asks for them. */
export class LiveSessions {
  readonly list: PagedList<SessionView>;
  /** Started while the page is open; shown on request, so that no row moves under the pointer. */
  fresh = $state.raw<SessionView[]>([]);
  ended = $state.raw<ReadonlyMap<string, EndedMark>>(new Map());
  ending = $state.raw<ReadonlySet<string>>(new Set());

  constructor(filter: () => { person?: string; ip?: string }) {
    this.list = new PagedList((cursor) => api.sessions({ ...filter(), cursor, limit: 100 }));
  }

  load = async (): Promise<void> => {
    await this.list.load();
    this.fresh = [];
    this.ended = new Map();
  };

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
    if ([...this.fresh, ...this.list.items].some(({ id }) => id === session.id)) return;
    this.fresh = [session, ...this.fresh];
  }

  revoked({ sessionId, by }: Ended): void {
    this.fresh = this.fresh.filter(({ id }) => id !== sessionId);
    if (this.ended.has(sessionId) || this.ending.has(sessionId)) return;
    if (!this.list.items.some(({ id }) => id === sessionId)) return;
    this.#mark(sessionId, { words: by === null ? 'Ended just now' : `Ended just now by ${by}`, receiptId: null });
  }

  #mark(id: string, mark: EndedMark): void {
    this.ended = new Map(this.ended).set(id, mark);
  }
}

/** Whether a session holds the text in its person, address, place, network, browser or system. */
export function matches(session: SessionView, text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase('en-GB');
  if (wanted === '') return true;
  const { person, ip, place, network, client } = session;
  return [person.name, person.email, ip, place?.city, place?.country, network.organisation, client.browser, client.os]
    .filter((value) => typeof value === 'string')
    .some((value) => value.toLocaleLowerCase('en-GB').includes(wanted));
}
