import type { DataSource } from 'typeorm';
import type { PersonKind, NotificationState } from '../../contracts/notifications.js';

export type NotificationRow = {
  position: string;
  id: string;
  kind: PersonKind;
  person_id: string;
  name: string;
  recipient: string;
  state: NotificationState;
  tries: number;
  last_error: string | null;
  created_at: Date;
  sent_at: Date | null;
  next_try_at: Date | null;
};

/** Newest first. */
export async function readNotifications(
  database: DataSource,
  state: NotificationState | undefined,
  after: { at: string; id: string } | undefined,
  limit: number,
): Promise<NotificationRow[]> {
  return database.query(
    `SELECT n.created_at::text AS position, n.id, n.kind, n.person_id, p.name, n.recipient, n.state, n.tries, n.last_error,
       n.created_at, n.sent_at, n.next_try_at
     FROM notifications n JOIN people p ON p.id = n.person_id
     WHERE ($1::text IS NULL OR n.state = $1) AND ($2::timestamptz IS NULL OR (n.created_at, n.id) < ($2, $3::uuid))
     ORDER BY n.created_at DESC, n.id DESC LIMIT $4`,
    [state ?? null, after?.at ?? null, after?.id ?? null, limit],
  );
}
