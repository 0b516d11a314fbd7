import type { DetectionPolicyVersion, DetectionSettings } from '../../contracts/detection-policy.js';
import type { Queryable } from '../../platform/database/data-source.js';

type Row = Omit<DetectionPolicyVersion, 'createdAt'> & { createdAt: Date };

const columns = 'version, author, reason, created_at AS "createdAt", settings';

/** The version in force. */
export async function readPolicyInForce(database: Queryable): Promise<DetectionPolicyVersion> {
  const [row] = await database.query<Row[]>(`SELECT ${columns} FROM detection_policies ORDER BY version DESC LIMIT 1`);
  if (!row) throw new Error('The detection policy is gone.');
  return toVersion(row);
}

/** Newest first; those below `before`, where it is given. */
export async function readPolicyVersions(
  database: Queryable,
  before: number | null,
  limit: number,
): Promise<DetectionPolicyVersion[]> {
  const rows = await database.query<Row[]>(
    `SELECT ${columns} FROM detection_policies WHERE $1::int IS NULL OR version < $1 ORDER BY version DESC LIMIT $2`,
    [before, limit],
  );
  return rows.map(toVersion);
}

export async function readPolicyVersion(
  database: Queryable,
  version: number,
): Promise<DetectionPolicyVersion | undefined> {
  const [row] = await database.query<Row[]>(`SELECT ${columns} FROM detection_policies WHERE version = $1`, [version]);
  return row && toVersion(row);
}

/** Makes changes one after the other, so that each knows what it replaces. */
export async function lockPolicies(tx: Queryable): Promise<void> {
  await tx.query('LOCK TABLE detection_policies IN SHARE ROW EXCLUSIVE MODE');
}

export async function insertPolicy(
  tx: Queryable,
  policy: { version: number; author: string; reason: string; settings: DetectionSettings },
): Promise<void> {
  await tx.query('INSERT INTO detection_policies (version, author, reason, settings) VALUES ($1, $2, $3, $4)', [
    policy.version,
    policy.author,
    policy.reason,
    JSON.stringify(policy.settings),
  ]);
}

const toVersion = (row: Row): DetectionPolicyVersion => ({ ...row, createdAt: row.createdAt.toISOString() });
