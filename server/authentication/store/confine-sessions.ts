import type { Queryable } from '../../platform/database/data-source.js';
import { notify } from '../../platform/database/listener.js';

/**
 * Confines open sessions to setting up a second factor where one is due by now, and lets those go that need none any more: a session
 * that was opened within the days of grace must not outlast them. The same rule as `mustSetUpFirst`, over all sessions at once.
 */
export async function confineSessions(database: Queryable): Promise<void> {
  const [, changed] = await database.query<[unknown, number]>(
    `UPDATE sessions s SET confined_to = CASE WHEN d.due THEN 'factor_set_up' END
     FROM (
       SELECT p.id, (coalesce(greatest(r.factor_required_since, p.created_at) + make_interval(days => g.grace_days) <= now(), false)
         AND r.factor_required_since IS NOT NULL
         AND NOT EXISTS (SELECT FROM authenticators a WHERE a.person_id = p.id AND a.removed_at IS NULL AND a.confirmed_at IS NOT NULL
           AND (a.kind IN ('totp', 'passkey') OR (a.kind IN ('email', 'sms') AND NOT g.strict))))
         OR EXISTS (SELECT FROM recoveries v WHERE v.person_id = p.id AND v.ended_as = 'completed' AND NOT EXISTS (SELECT FROM authenticators a
           WHERE a.person_id = p.id AND a.kind <> 'backup_codes' AND a.confirmed_at >= v.ended_at)) AS due
       FROM sign_in_policy g, people p JOIN role_rules r ON r.role = p.role
     ) d
     WHERE d.id = s.person_id AND s.ended_at IS NULL AND d.due <> (s.confined_to IS NOT NULL)`,
  );
  if (changed > 0) await notify(database, 'sessions_confined', {});
}
