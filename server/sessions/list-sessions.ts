import type { DataSource } from 'typeorm';
import type { Page } from '../contracts/paging.js';
import type { SessionCount, SessionCountQuery, SessionQuery, SessionView } from '../contracts/sessions.js';
import { withPlainAddress } from '../platform/address.js';
import type { Cursors } from '../platform/paging.js';
import { toSessionView } from './session-view.js';
import { countSessions, listSessions, readSession } from './store/read-sessions.js';

type Listed = Omit<SessionQuery, 'sort'> & Partial<Pick<SessionQuery, 'sort'>>;

/** Lists sessions, live ones or those that ended lately. */
export class ListSessions {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /** @param currentSessionId the session that asks, to be marked; null for an application */
  async list(query: Listed, currentSessionId: string | null): Promise<Page<SessionView>> {
    // A cursor of one order means nothing in another.
    const kind = `sessions by ${query.sort ?? 'recent'}`;
    const position = this.cursors.decode(kind, query.cursor);
    const after = position && { at: String(position[0]), id: String(position[1]) };
    const rows = await listSessions(this.database, withPlainAddress(query), after, query.limit + 1);
    const page = this.cursors.page(kind, rows, query.limit, (row) => [row.position, row.id]);
    return { items: page.items.map((row) => toSessionView(row, currentSessionId)), nextCursor: page.nextCursor };
  }

  count(query: SessionCountQuery): Promise<SessionCount> {
    return countSessions(this.database, withPlainAddress(query));
  }

  async read(id: string): Promise<SessionView | undefined> {
    const row = await readSession(this.database, id);
    return row && toSessionView(row, null);
  }
}
