import type { DataSource } from 'typeorm';
import { causeOfSignIn } from '../../server/alerts/follow-sign-in.js';
import { novelSignInBefore, type NovelSignIn } from '../../server/attempts/novel-sign-in.js';
import { type OwnChange, readOwnChanges } from '../../server/audit/own-changes.js';
import type { AlertEvidence } from '../../server/contracts/alerts.js';
import type { Risk } from '../../server/contracts/detection.js';
import type { Policy } from '../../server/detection/domain/policy.js';
import { reassess } from '../../server/detection/domain/score.js';
import type { ScoredBatch } from './prepare.js';

type Tools = { database: DataSource; policy: Policy };
type Followed = Pick<ScoredBatch, 'findings' | 'followed' | 'auditRead'>;

/**
 * Makes findings of sign-ins to Gatehouse after which the way into the account was changed, as the audit log tells: what looked odd
 * alone may be an alert then. The score of the attempt itself stays as it was given.
 */
export async function gatherCredentialChanges(tools: Tools, ownApplicationId: string): Promise<Followed | null> {
  const read = await readOwnChanges(tools.database);
  if (read === null) return null;
  const gathered: Followed = { findings: [], followed: [], auditRead: read.upTo };
  if (tools.policy.notWatched.has('suspicious-sign-in')) return gathered;
  for (const change of read.changes) {
    const { personId, ip, at } = change;
    const signIn = await novelSignInBefore(tools.database, { applicationId: ownApplicationId, personId, ip, at });
    if (signIn) await follow(tools, gathered, change, signIn);
  }
  return gathered;
}

async function follow(tools: Tools, gathered: Followed, change: OwnChange, signIn: NovelSignIn): Promise<void> {
  const { attempt } = signIn;
  const risk = reassess(signIn.risk, { ...change, afterMs: change.at - attempt.occurredAt }, tools.policy);
  if (!risk || risk.score < tools.policy.levels.high) return;
  const dedupKey = (await causeOfSignIn(tools.database, attempt.id)) ?? `suspicious-sign-in:changed:${attempt.id}`;
  gathered.followed.push({ dedupKey, risk });
  gathered.findings.push(findingOf(change, signIn, risk, dedupKey));
}

function findingOf(
  { personId, at }: OwnChange,
  { attempt, simulated }: NovelSignIn,
  { score, level }: Risk,
  dedupKey: string,
): ScoredBatch['findings'][number] {
  return {
    kind: 'suspicious-sign-in',
    severity: level,
    dedupKey,
    subject: personId,
    personId,
    ip: attempt.ip,
    applicationId: attempt.applicationId,
    attemptId: attempt.id,
    firstAt: attempt.occurredAt,
    at,
    evidence: evidenceOf(attempt.ip, personId, attempt),
    score,
    opened: true,
    joins: [],
    counted: [],
    simulated,
  };
}

const evidenceOf = (ip: string, personId: string, { network, place }: NovelSignIn['attempt']): AlertEvidence => ({
  attempts: 1,
  failures: 0,
  successes: 1,
  subjects: 1,
  addresses: 1,
  topSubjects: [{ value: personId, count: 1, gotIn: true }],
  topAddresses: [
    { value: ip, count: 1, asn: network.asn, organisation: network.organisation, country: place?.country ?? null },
  ],
});
