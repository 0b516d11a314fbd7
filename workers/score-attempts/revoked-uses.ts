import type { DataSource } from 'typeorm';
import type { Enrich } from '../../server/attempts/enrich/enrich.js';
import type { AlertEvidence } from '../../server/contracts/alerts.js';
import { uuidAt } from '../../server/platform/clock.js';
import { clientOf } from '../../server/platform/client.js';
import {
  isOtherCountry,
  isSameClient,
  readWaitingUses,
  severityOf,
  type WaitingUse,
} from '../../server/sessions/revoked-uses-waiting.js';
import type { ScoredBatch } from './prepare.js';

/** Uses taken into one transaction. */
const USES_MAX = 50;

type Tools = { database: DataSource; enrich: Enrich };

/** Makes findings of revoked sessions whose token was presented again; only this process knows where an address is. */
export async function gatherRevokedUses(
  { database, enrich }: Tools,
  ownApplicationId: string,
): Promise<Pick<ScoredBatch, 'findings' | 'revokedUses'>> {
  const uses = await readWaitingUses(database, USES_MAX);
  return {
    findings: uses.map((use) => findingOf(use, enrich, ownApplicationId)),
    revokedUses: uses.map(({ id }) => id),
  };
}

function findingOf(use: WaitingUse, enrich: Enrich, ownApplicationId: string): ScoredBatch['findings'][number] {
  const { id, personId, device, os, browser, usedAt, usedIp, openedIp } = use;
  const countryOf = (ip: string): string | undefined => enrich.sourceOf(ip).place?.country;
  const at = usedAt.getTime();
  return {
    kind: 'revoked-session-used',
    severity: severityOf({
      client: !isSameClient({ device, os, browser }, clientOf(use.userAgent ?? undefined)),
      country: isOtherCountry(countryOf(openedIp), countryOf(usedIp)),
    }),
    dedupKey: `revoked-session-used:${id}`,
    subject: personId,
    personId,
    ip: usedIp,
    applicationId: ownApplicationId,
    attemptId: use.attemptId ?? uuidAt(at),
    firstAt: use.lastSeenAt.getTime(),
    at,
    evidence: evidenceOf(use, enrich),
    score: null,
    opened: true,
    joins: [],
    counted: [],
    simulated: false,
  };
}

/** The two places, the later use first: one where they are the same. */
function evidenceOf({ personId, usedIp, lastIp }: WaitingUse, enrich: Enrich): AlertEvidence {
  const topAddresses = [...new Set([usedIp, lastIp])].map((ip) => {
    const { network, place } = enrich.sourceOf(ip);
    const { asn, organisation } = network;
    return { value: ip, count: 1, asn, organisation, country: place?.country ?? null };
  });
  return {
    attempts: 1,
    failures: 1,
    successes: 0,
    subjects: 1,
    addresses: topAddresses.length,
    topSubjects: [{ value: personId, count: 1, gotIn: false }],
    topAddresses,
  };
}
