import { uuidAt } from '../../server/platform/clock.js';
import type { Finding } from '../../server/detection/domain/campaigns.js';
import type { Unscorable } from '../../server/attempts/quarantine.js';

/** An attempt that nobody could judge is a finding of its own: it may be an attack on us. */
export function quarantineFinding(
  { sequence }: Unscorable,
  ownApplicationId: string,
): Finding & { simulated: boolean } {
  const at = Date.now();
  return {
    kind: 'quarantined-attempt',
    severity: 'high',
    dedupKey: `quarantined-attempt:${sequence}`,
    subject: `Inbox entry ${sequence}`,
    personId: null,
    ip: null,
    applicationId: ownApplicationId,
    attemptId: uuidAt(at),
    firstAt: at,
    at,
    evidence: { attempts: 1, failures: 0, successes: 0, subjects: 0, addresses: 0, topSubjects: [], topAddresses: [] },
    score: null,
    opened: true,
    joins: [],
    counted: [],
    simulated: false,
  };
}
