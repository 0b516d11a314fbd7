import type { Client } from '../../contracts/detection.js';
import type { Queryable } from '../../platform/database/data-source.js';

/**
 * An answer that was lost on its way leaves a browser with the former token, and its person tries again at once. For so long that is no
 * copy, in minutes.
 */
const LOST_ANSWER_MINUTES = 2;
/** No device is trusted for longer, in days. */
const TRUST_DAYS_MAX = 90;

export type CopiedDevice = Client & { id: string; email: string };

/** Devices of a person that are trusted, and had this token before the one that counts now. */
export function trustedOnceWith(database: Queryable, personId: string, tokenHash: Buffer): Promise<CopiedDevice[]> {
  return database.query(
    `SELECT d.id, d.device, d.os, d.browser, p.email FROM replaced_device_tokens r JOIN devices d ON d.id = r.device_id JOIN people p ON p.id = d.person_id
     WHERE r.token_hash = $2 AND r.replaced_at < now() - make_interval(mins => $3) AND d.person_id = $1 AND d.removed_at IS NULL
       AND d.trusted_until > now() ORDER BY d.id`,
    [personId, tokenHash, LOST_ANSWER_MINUTES],
  );
}

export async function deleteOldTokens(database: Queryable): Promise<void> {
  await database.query('DELETE FROM replaced_device_tokens WHERE replaced_at < now() - make_interval(days => $1)', [
    TRUST_DAYS_MAX,
  ]);
}
