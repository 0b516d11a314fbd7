import type { EntityManager } from 'typeorm';
import type { Raised } from '../alerts/raise-alerts.js';
import { respondedSeverities } from '../contracts/detection-policy.js';
import type { Policy } from '../detection/domain/policy.js';
import { notify } from '../platform/database/listener.js';
import { insertResponses, type Wanted } from './store/due-responses.js';

/**
 * Notes what the detection policy has follow from alerts by itself, in the transaction that raises them. Doing it is another one's: so
 * the lane waits for no session or address, and what can't be done costs neither the alert nor its attempts.
 */
export async function noteResponses(
  tx: EntityManager,
  { raised, grown, worsened }: Raised,
  policy: Policy,
): Promise<void> {
  const wanted = wantedBy(policy);
  if (wanted.length === 0 || raised.length + grown.length === 0) return;
  const count = await insertResponses(tx, { news: [...raised, ...worsened], grown }, wanted, policy.version);
  if (count > 0) await notify(tx, 'response_due', {});
}

const wantedBy = ({ responses }: Policy): Wanted[] =>
  respondedSeverities.flatMap((severity) => {
    const { endSessions, throttleSource, throttleMinutes, challengeNext, challengeHours } = responses[severity];
    const wanted: Wanted[] = [];
    if (endSessions) wanted.push({ severity, act: 'end_sessions', minutes: null });
    if (throttleSource) wanted.push({ severity, act: 'throttle_source', minutes: throttleMinutes });
    if (challengeNext) wanted.push({ severity, act: 'challenge_next', minutes: challengeHours * 60 });
    return wanted;
  });
