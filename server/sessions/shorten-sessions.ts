import type { EntityManager } from 'typeorm';

/** Makes open sessions keep the limits of their person's role where those are shorter than the ones they began with. */
export async function shortenSessions(tx: EntityManager): Promise<void> {
  await tx.query(
    `UPDATE sessions s SET idle_limit = least(s.idle_limit, make_interval(mins => r.idle_minutes)),
       lock_after = least(s.lock_after, make_interval(mins => r.lock_minutes)),
       expires_at = least(s.expires_at, s.started_at + make_interval(mins => r.absolute_minutes))
     FROM people p JOIN role_rules r ON r.role = p.role
     WHERE p.id = s.person_id AND s.ended_at IS NULL
       AND (s.idle_limit > make_interval(mins => r.idle_minutes) OR coalesce(s.lock_after > make_interval(mins => r.lock_minutes), r.lock_minutes IS NOT NULL) OR s.expires_at > s.started_at + make_interval(mins => r.absolute_minutes))`,
  );
}
