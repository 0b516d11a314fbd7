import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

/** How long a lane is held without a sign of life, in seconds. A standby takes over at most this much and one poll later. */
export const LEASE_SECONDS = 4;

/** The right to score, until somebody else has a higher epoch. */
export type Lease = {
  holder: string;
  epoch: string;
  /** The former holder did not give it back. */ afterCrash: boolean;
  workingOn: string[] | null;
};

/** Takes the lane if nobody else holds it: one's own is taken anew at once, with a new epoch. */
export async function takeLane(database: DataSource, holder: string): Promise<Lease | undefined> {
  const [rows] = await database.query<
    [{ epoch: string; before: string | null; working_on: string[] | null }[], number]
  >(
    `UPDATE scoring_lane l SET holder = $1, epoch = l.epoch + 1, renewed_at = now(), working_on = NULL
     FROM (SELECT holder AS before, working_on AS busy FROM scoring_lane FOR UPDATE) old
     WHERE old.before = $1 OR l.renewed_at < now() - make_interval(secs => $2) RETURNING l.epoch, old.before, old.busy AS working_on`,
    [holder, LEASE_SECONDS],
  );
  const row = rows[0];
  return row && { holder, epoch: row.epoch, afterCrash: row.before !== null, workingOn: row.working_on };
}

/**
 * Takes the lane whoever holds it: the holder's next transaction is refused, and it begins anew from what is stored once the lane is
 * free again. For commands that write what only the holder may write.
 */
export async function seizeLane(database: DataSource, holder: string): Promise<Lease> {
  const [rows] = await database.query<[{ epoch: string }[], number]>(
    'UPDATE scoring_lane SET holder = $1, epoch = epoch + 1, renewed_at = now(), working_on = NULL RETURNING epoch',
    [holder],
  );
  const [row] = rows;
  if (!row) throw new Error('There is no scoring lane: the database lacks migrations.');
  return { holder, epoch: row.epoch, afterCrash: false, workingOn: null };
}

/** Shows that the holder lives. @returns false when the lane is somebody else's by now */
export async function renewLane(database: DataSource, lease: Lease): Promise<boolean> {
  const [, renewed] = await database.query<[unknown, number]>(
    'UPDATE scoring_lane SET renewed_at = now() WHERE holder = $1 AND epoch = $2',
    [lease.holder, lease.epoch],
  );
  return renewed === 1;
}

/** The same within the scoring transaction, where it also locks out a new holder until the commit. */
export async function holdLane(client: PoolClient, lease: Lease): Promise<boolean> {
  const { rowCount } = await client.query(
    'UPDATE scoring_lane SET renewed_at = clock_timestamp() WHERE holder = $1 AND epoch = $2',
    [lease.holder, lease.epoch],
  );
  return rowCount === 1;
}

/** Gives the lane back, so that a standby needs not wait. */
export async function leaveLane(database: DataSource, lease: Lease): Promise<void> {
  await database.query(
    "UPDATE scoring_lane SET holder = NULL, renewed_at = '-infinity', working_on = NULL WHERE holder = $1 AND epoch = $2",
    [lease.holder, lease.epoch],
  );
}

/** Writes down what is about to be worked on, so that after a crash the cause is known. */
export async function noteWork(database: DataSource, lease: Lease, sequences: readonly string[]): Promise<void> {
  await database.query('UPDATE scoring_lane SET working_on = $3, renewed_at = now() WHERE holder = $1 AND epoch = $2', [
    lease.holder,
    lease.epoch,
    sequences,
  ]);
}
