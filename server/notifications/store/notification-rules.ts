import type { NotificationRules } from '../../contracts/notifications.js';
import type { Queryable } from '../../platform/database/data-source.js';

/** @param lock makes changes come one after the other */
export async function selectRules(database: Queryable, lock = false): Promise<NotificationRules> {
  const [row] = await database.query<NotificationRules[]>(
    `SELECT high_minutes AS "highMinutes", critical_minutes AS "criticalMinutes", window_minutes AS "windowMinutes",
       per_window AS "perWindow", per_hour AS "perHour" FROM notification_rules${lock ? ' FOR UPDATE' : ''}`,
  );
  if (!row) throw new Error('The notification rules are gone.');
  return row;
}

export async function updateRules(tx: Queryable, rules: NotificationRules): Promise<void> {
  const { highMinutes, criticalMinutes, windowMinutes, perWindow, perHour } = rules;
  await tx.query(
    'UPDATE notification_rules SET high_minutes = $1, critical_minutes = $2, window_minutes = $3, per_window = $4, per_hour = $5',
    [highMinutes, criticalMinutes, windowMinutes, perWindow, perHour],
  );
}
