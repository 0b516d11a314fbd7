import type { PoolClient } from 'pg';
import type { Queryable } from '../platform/database/data-source.js';

/** Entries looked at in one go. */
const ENTRIES_MAX = 200;
/** An entry is looked at once the sign-in before it has surely been judged, in seconds. */
const SETTLED_SECONDS = 2;

/** What persons change about how their own account is entered, by action. */
const changes = {
  'password.changed': 'password',
  'password.reset': 'password',
  'factor.added': 'factor',
  'factor.removed': 'factor',
  'two_step.turned_off': 'factor',
  'backup_codes.made': 'factor',
  'address.confirmed': 'address',
  'address.removed': 'address',
} as const;

/** A change by a person to the own account; `at` in milliseconds since 1970. */
export type OwnChange = {
  change: (typeof changes)[keyof typeof changes];
  personId: string;
  ip: string;
  at: number;
};
type Entry = { sequence: string; action: string; personId: string | null; ip: string | null; at: number };

/** What the audit log says since the scoring lane read it last, and how far that is; null where there is nothing. */
export async function readOwnChanges(database: Queryable): Promise<{ upTo: string; changes: OwnChange[] } | null> {
  const entries = await database.query<Entry[]>(
    `SELECT e.sequence, e.action, CASE WHEN e.actor_kind = 'person' AND e.target_id = e.actor_id::text THEN e.actor_id END AS "personId", host(e.ip) AS ip,
       (extract(epoch FROM e.at) * 1000)::float AS at
     FROM scoring_lane l JOIN audit_entries e ON e.sequence > l.audit_read AND e.at < clock_timestamp() - make_interval(secs => $1)
     ORDER BY e.sequence LIMIT $2`,
    [SETTLED_SECONDS, ENTRIES_MAX],
  );
  const last = entries.at(-1);
  if (!last) return null;
  return {
    upTo: last.sequence,
    changes: entries.flatMap(({ action, personId, ip, at }) => {
      if (personId === null || ip === null || !isChange(action)) return [];
      return { change: changes[action], personId, ip, at };
    }),
  };
}

const isChange = (action: string): action is keyof typeof changes => Object.hasOwn(changes, action);

/** Notes in the scoring transaction how far the audit log was read. */
export async function settleOwnChanges(client: PoolClient, upTo: string | null): Promise<void> {
  if (upTo !== null) await client.query('UPDATE scoring_lane SET audit_read = $1', [upTo]);
}
