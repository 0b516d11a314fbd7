import type { DataSource } from 'typeorm';

/** Whatever was resolved and not reopened for so long is closed, in days. */
const REOPENED_WITHIN_DAYS = 14;
/** How long it can be seen that something was kept quiet, after that has ended, in days. */
const MUTES_KEPT_DAYS = 30;

/** Closes what nobody came back to, and forgets mutes that ended long ago. */
export async function settleOldAlerts(database: DataSource): Promise<void> {
  await database.query(
    `WITH old AS (UPDATE alerts SET status = 'closed' WHERE status = 'resolved' AND resolved_at < now() - make_interval(days => $1) RETURNING id)
     INSERT INTO alert_events (alert_id, kind) SELECT id, 'closed' FROM old`,
    [REOPENED_WITHIN_DAYS],
  );
  await database.query('DELETE FROM alert_mutes WHERE until < now() - make_interval(days => $1)', [MUTES_KEPT_DAYS]);
}
