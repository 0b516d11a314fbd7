import { compiled } from '../support/installation.mjs';
import { isAttacker } from './attempts.mjs';

/**
 * Compares the ledger with what is stored, when everything runs again and nothing waits any more.
 * @param {import('pg').Client} client
 * @param {Awaited<ReturnType<typeof import('./ledger.mjs').readLedger>>} ledger
 * @param {string} applicationId
 */
export async function prove(client, ledger, applicationId) {
  const stored = await storedIds(client, applicationId);
  const waiting = await waitingIds(client);
  const acknowledged = [...ledger.values()].filter((attempt) => attempt.acknowledged);
  const missing = acknowledged.filter(({ id }) => !stored.has(id));
  const profiles = await wrongProfiles(client, applicationId);
  const hours = await wrongHours(client, applicationId);
  return {
    acknowledged: acknowledged.length,
    /** Acknowledged, and nowhere. */
    lost: missing.filter(({ id }) => !waiting.has(id)).length,
    /** Stored more than once, acknowledged or not, or never sent. */
    duplicated: [...stored].filter(([id, count]) => count > 1 || !ledger.has(id)).length,
    /** Attempts that scoring counted more or less often than they are stored, by the hourly counts or by the profiles. */
    scoredTwice: Math.max(hours, profiles),
    /** Acknowledged and still in the inbox or set aside. */
    neverScored: missing.filter(({ id }) => waiting.has(id)).length,
    details: { wrongHours: hours, wrongProfiles: profiles, ...(await wrongAlerts(client, ledger, stored)) },
  };
}

/** How often each id is stored. */
async function storedIds(client, applicationId) {
  const { rows } = await client.query(
    'SELECT correlation_id AS id, count(*)::int AS count FROM attempts WHERE application_id = $1 GROUP BY 1',
    [applicationId],
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Ids of what was accepted and is not scored. */
async function waitingIds(client) {
  const { attemptsIn } = await compiled('server/attempts/inbox.js');
  const { rows } = await client.query(
    `SELECT payload, duplicates FROM attempt_inbox UNION ALL SELECT payload, '{}' FROM quarantined_attempts`,
  );
  return new Set(rows.flatMap(attemptsIn).map(({ correlationId }) => correlationId));
}

/** Attempts by which the hourly counts differ from a recount of the rows. */
async function wrongHours(client, applicationId) {
  const { rows } = await client.query(
    `SELECT coalesce(sum(abs(coalesce(kept.attempts, 0) - coalesce(counted.attempts, 0))), 0)::int AS difference
     FROM (SELECT hour, outcome, attempts FROM attempt_hours WHERE application_id = $1) kept
     FULL JOIN (SELECT date_trunc('hour', occurred_at) AS hour, outcome, count(*) AS attempts FROM attempts
       WHERE application_id = $1 GROUP BY 1, 2) counted USING (hour, outcome)`,
    [applicationId],
  );
  return rows[0].difference;
}

/**
 * Sign-ins by which the profiles differ from a recount. A profile learns each success that scored below the policy's
 * `learnBelow`, in the transaction that stores it; the subjects of this load are nobody's, so the key holds the subject itself.
 */
async function wrongProfiles(client, applicationId) {
  const { defaultPolicy } = await compiled('server/detection/domain/policy.js');
  const { rows } = await client.query(
    `SELECT coalesce(sum(abs(coalesce(kept.learnt, 0) - coalesce(counted.learnt, 0))), 0)::int AS difference
     FROM (SELECT subject_key, (state::json->>'n')::int AS learnt FROM profiles WHERE subject_key LIKE $1 || ':%') kept
     FULL JOIN (SELECT application_id || ':' || subject AS subject_key, count(*) AS learnt FROM attempts
       WHERE application_id = $1::uuid AND outcome = 'success' AND score < $2 GROUP BY 1) counted USING (subject_key)`,
    [applicationId, defaultPolicy.profile.learnBelow],
  );
  return rows[0].difference;
}

/** Each attacker whose attempts are all stored has one alert about the address, neither none nor two. */
async function wrongAlerts(client, ledger, stored) {
  const attackers = new Map();
  for (const { id, ip } of ledger.values()) {
    if (!isAttacker(ip)) continue;
    attackers.set(ip, (attackers.get(ip) ?? true) && stored.has(id));
  }
  const { rows } = await client.query(
    "SELECT host(ip) AS ip, count(*)::int AS count FROM alerts WHERE kind = 'brute-force-source' GROUP BY 1",
  );
  const alerts = new Map(rows.map(({ ip, count }) => [ip, count]));
  const complete = [...attackers].filter(([, allStored]) => allStored).map(([ip]) => ip);
  const { rows: aside } = await client.query('SELECT count(*)::int AS count FROM quarantined_attempts');
  return {
    attackers: complete.length,
    alertsMissing: complete.filter((ip) => !alerts.has(ip)).length,
    alertsTwice: complete.filter((ip) => (alerts.get(ip) ?? 0) > 1).length,
    quarantined: aside[0].count,
  };
}
