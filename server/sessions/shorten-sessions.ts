import type { EntityManager } from 'typeorm';

/**
 * Makes open sessions keep the limits of their person's role and of their level where those are shorter than the ones they began with.
 * Which sessions are looked at doesn't depend on their level, and the level is read where the row is held: one that rises at this
 * moment is waited for and gets the limits of the level that it rose to.
 */
export async function shortenSessions(tx: EntityManager): Promise<void> {
  await tx.query(
    `UPDATE sessions s SET idle_limit = least(s.idle_limit, r.idle, l.idle[s.aal]), lock_after = least(s.lock_after, r.lock),
       expires_at = least(s.expires_at, s.started_at + r.absolute, s.aal_since + l.absolute[s.aal])
     FROM people p
       JOIN (SELECT role, make_interval(mins => idle_minutes) AS idle, make_interval(mins => lock_minutes) AS lock,
         make_interval(mins => absolute_minutes) AS absolute FROM role_rules) r ON r.role = p.role,
       (SELECT array_agg(make_interval(mins => idle_minutes) ORDER BY level) AS idle,
         array_agg(make_interval(mins => absolute_minutes) ORDER BY level) AS absolute FROM level_rules) l
     WHERE p.id = s.person_id AND s.ended_at IS NULL
       AND (s.idle_limit > least(r.idle, l.idle[1], l.idle[2]) OR coalesce(s.lock_after > r.lock, r.lock IS NOT NULL)
         OR s.expires_at > s.started_at + least(r.absolute, l.absolute[1], l.absolute[2]))`,
  );
}
