import type { DataSource } from 'typeorm';

/** How long counts by minute are kept: an hour and its twin a week before, and a day for a clock that is off. */
const MINUTES_KEPT_DAYS = 8;
/** For so many whole days counts are kept by the hour: two periods of seven days. */
export const HOURS_KEPT_DAYS = 15;
/** How far back the fold looks for days that it missed. */
const CATCH_UP_DAYS = 7;
/** The scoring transaction may wait for rows that are being folded; it never waits long, and never gets into a deadlock. */
const LOCK_LIMIT_MS = 100;
const LOCK_NOT_AVAILABLE = '55P03';
const DAY_MS = 86_400_000;

/** Notes that somebody looked in this hour: without this row nothing recorded means nothing known. */
export async function noteWatching(database: DataSource): Promise<void> {
  await database.query(
    `INSERT INTO hours_watched (hour, open_sessions) SELECT date_trunc('hour', now(), 'UTC'), count(*) FROM sessions WHERE ended_at IS NULL
     ON CONFLICT (hour) DO UPDATE SET open_sessions = excluded.open_sessions`,
  );
}

/** Drops counts that nothing reads any more, and makes one row a day out of hours that are two weeks old. */
export async function tidyCounts(database: DataSource, nowMs: number): Promise<void> {
  await database.query('DELETE FROM attempt_minutes WHERE minute < $1', [ago(nowMs, MINUTES_KEPT_DAYS)]);
  const today = nowMs - (nowMs % DAY_MS);
  for (let back = HOURS_KEPT_DAYS + 1; back <= HOURS_KEPT_DAYS + CATCH_UP_DAYS; back += 1) {
    const from = ago(today, back);
    const to = ago(today, back - 1);
    const [found] = await database.query<{ unfolded: boolean }[]>(unfolded, [from, to]);
    if (found?.unfolded === true) await foldDay(database, from, to);
  }
}

/** The start of its day stays what it is and takes in the others; a reader sees all of it or none. */
async function foldDay(database: DataSource, from: Date, to: Date): Promise<void> {
  try {
    await database.transaction(async (tx) => {
      await tx.query(`SET LOCAL lock_timeout = '${LOCK_LIMIT_MS}ms'`);
      await tx.query(fold, [from, to]);
    });
  } catch (error) {
    // Late attempts of that day are being counted at this moment; the next sweep tries again.
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
  }
}

const ofDay = `application_id = ANY(ARRAY(SELECT id FROM applications)) AND outcome = ANY(enum_range(NULL::attempt_outcome)) AND bucket > $1::timestamptz AND bucket < $2::timestamptz`;
/** Every attempt is counted by country, so that this tells for all. */
const unfolded = `SELECT EXISTS (SELECT FROM attempt_tallies WHERE dimension = 'country' AND ${ofDay}) AS unfolded`;
const fold = `
  WITH gone AS (
    DELETE FROM attempt_tallies WHERE dimension = ANY('{person,address,network,country,place,reason}') AND ${ofDay} RETURNING *
  )
  INSERT INTO attempt_tallies AS t (dimension, application_id, outcome, bucket, value, attempts, critical)
  SELECT dimension, application_id, outcome, $1::timestamptz, value, sum(attempts), sum(critical) FROM gone GROUP BY 1, 2, 3, 5
  ON CONFLICT (dimension, application_id, outcome, bucket, value)
  DO UPDATE SET attempts = t.attempts + excluded.attempts, critical = t.critical + excluded.critical`;

const ago = (nowMs: number, days: number): Date => new Date(nowMs - days * DAY_MS);
