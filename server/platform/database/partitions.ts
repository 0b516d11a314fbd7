import type { Queryable } from './data-source.js';

/** How many months ahead a partition exists, so that a stopped sweep is noticed long before it hurts. */
const MONTHS_AHEAD = 2;

const firstOfMonth = (at: Date, offset: number): Date =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1));
const nameOf = (month: Date): string =>
  `attempts_${month.getUTCFullYear()}_${String(month.getUTCMonth() + 1).padStart(2, '0')}`;

/**
 * Makes the monthly partitions of `attempts` from the oldest instant that may still be recorded to two months ahead, and drops
 * those that lie wholly before it, together with the duplicate keys and the counts of that time.
 * @param nowMs milliseconds since 1970
 */
export async function maintainPartitions(
  database: Queryable,
  nowMs: number,
  retentionDays: number,
): Promise<{ made: string[]; dropped: string[] }> {
  const oldest = new Date(nowMs - retentionDays * 86_400_000);
  const existing = new Set((await database.query<{ name: string }[]>(existingPartitions)).map((row) => row.name));
  const made: string[] = [];
  for (
    let month = firstOfMonth(oldest, 0);
    month <= firstOfMonth(new Date(nowMs), MONTHS_AHEAD);
    month = firstOfMonth(month, 1)
  ) {
    if (existing.has(nameOf(month))) continue;
    await database.query(
      `CREATE TABLE IF NOT EXISTS ${nameOf(month)} PARTITION OF attempts FOR VALUES FROM ('${month.toISOString()}') TO ('${firstOfMonth(month, 1).toISOString()}')`,
    );
    made.push(nameOf(month));
  }
  const dropped = [...existing].filter((name) => name < nameOf(firstOfMonth(oldest, 0)));
  // Counts first: interrupted here, the partition is still there and both are done again.
  if (dropped.length > 0) {
    const kept = firstOfMonth(oldest, 0);
    for (const count of counts) await database.query(`DELETE FROM ${count} < $1`, [kept]);
    await database.query('DELETE FROM attempt_keys WHERE received_on < $1', [kept]);
  }
  for (const name of dropped) await database.query(`DROP TABLE ${name}`);
  return { made, dropped };
}

export type Partition = { month: Date; bytes: number; dropsAt: Date };

/** The months that attempts lie in, oldest first, how much room each takes, and when retention drops it. */
export async function describePartitions(database: Queryable, retentionDays: number): Promise<Partition[]> {
  const rows = await database.query<{ name: string; bytes: string }[]>(
    `SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'attempts'::regclass ORDER BY 1`,
  );
  return rows.map(({ name, bytes }) => {
    const [, year, month] = name.split('_').map(Number);
    const first = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, 1));
    const dropsAt = new Date(firstOfMonth(first, 1).getTime() + retentionDays * 86_400_000);
    return { month: first, bytes: Number(bytes), dropsAt };
  });
}

/** What is counted about attempts, up to the column of its time. */
const counts = ['attempt_hours WHERE hour', 'attempt_tallies WHERE bucket', 'hours_watched WHERE hour'];

const existingPartitions = `
  SELECT c.relname AS name FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'attempts'::regclass`;
