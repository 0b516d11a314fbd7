import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { AlertEvidence } from '../contracts/alerts.js';

/** What the alert tells of the attempt, in the words of its row. */
type Disowned = {
  id: string;
  outcome: string;
  occurred_at: Date;
  application_id: string;
  ip: string;
  asn: string | null;
  organisation: string | null;
  country: string | null;
  score: number;
  simulated: boolean;
};

/**
 * An alert because the person concerned says so: nobody knows better whose sign-in it was.
 * @returns its id
 */
export async function raiseDisownedAlert(
  tx: EntityManager,
  attempt: Disowned,
  person: { id: string; name: string },
): Promise<string> {
  const id = randomUUID();
  await tx.query(
    `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, ip, application_id, score, evidence, first_at, last_at, simulated)
     VALUES ($1, 'disowned-sign-in', 'critical', $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
    [
      id,
      `disowned-sign-in:${attempt.id}`,
      person.name,
      person.id,
      attempt.ip,
      attempt.application_id,
      attempt.score,
      JSON.stringify(evidenceOf(attempt, person.id)),
      attempt.occurred_at,
      attempt.simulated,
    ],
  );
  await tx.query(`INSERT INTO alert_events (alert_id, kind) VALUES ($1, 'raised')`, [id]);
  await tx.query('INSERT INTO alert_attempts (alert_id, attempt_id) VALUES ($1, $2)', [id, attempt.id]);
  return id;
}

const evidenceOf = ({ outcome, ip, asn, organisation, country }: Disowned, personId: string): AlertEvidence => ({
  attempts: 1,
  failures: outcome === 'success' ? 0 : 1,
  successes: outcome === 'success' ? 1 : 0,
  subjects: 1,
  addresses: 1,
  topSubjects: [{ value: personId, count: 1, gotIn: outcome === 'success' }],
  topAddresses: [{ value: ip, count: 1, asn: asn === null ? null : Number(asn), organisation, country }],
});
