import type { DataSource } from 'typeorm';
import type { MailState, NotificationQuery, NotificationState, NotificationView } from '../contracts/notifications.js';
import { notificationStates } from '../contracts/notifications.js';
import type { Page } from '../contracts/paging.js';
import type { Config } from '../platform/config.js';
import type { Cursors } from '../platform/paging.js';
import { mailFolder } from './carry-mail.js';
import { readNotifications, type NotificationRow } from './store/read-notifications.js';

/** Shows administrators what left, what waits and what came back; never what it said. */
export class ListNotifications {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
    private readonly config: Config,
  ) {}

  async list(query: NotificationQuery): Promise<Page<NotificationView>> {
    const position = this.cursors.decode('notifications', query.cursor);
    const after = position && { at: String(position[0]), id: String(position[1]) };
    const rows = await readNotifications(this.database, query.state, after, query.limit + 1);
    const page = this.cursors.page('notifications', rows, query.limit, (row) => [row.position, row.id]);
    return { items: page.items.map(toNotificationView), nextCursor: page.nextCursor };
  }

  async state(): Promise<MailState> {
    const rows = await this.database.query<{ state: NotificationState; count: number }[]>(
      'SELECT state, count(*)::int AS count FROM notifications WHERE person_id IS NOT NULL GROUP BY state',
    );
    const { smtp, mailFrom } = this.config;
    const count = (state: NotificationState): number => rows.find((row) => row.state === state)?.count ?? 0;
    return {
      way: smtp ? 'smtp' : 'files',
      target: smtp ? `${smtp.host}:${smtp.port}` : mailFolder(this.config),
      from: mailFrom,
      counts: Object.fromEntries(notificationStates.map((state) => [state, count(state)])) as MailState['counts'],
    };
  }
}

const toNotificationView = (row: NotificationRow): NotificationView => ({
  id: row.id,
  kind: row.kind,
  person: { id: row.person_id, name: row.name },
  recipient: row.recipient,
  state: row.state,
  tries: row.tries,
  lastError: row.last_error,
  createdAt: row.created_at.toISOString(),
  sentAt: row.sent_at?.toISOString() ?? null,
  nextTryAt: row.next_try_at?.toISOString() ?? null,
});
