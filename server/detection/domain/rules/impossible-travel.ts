import type { Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import type { Facts } from '../facts.js';
import { nearestKm } from '../geography.js';
import { HOUR, SECOND, type Policy } from '../policy.js';

/**
 * Two places that no journey joins in the time between, even from the nearest points of both circles of uncertainty.
 * Never on networks whose addresses don't say where a person is, and never on a missing place.
 */
export function impossibleTravel(facts: Facts, policy: Policy): Signal | undefined {
  const { attempt, familiarity } = facts;
  const from = facts.profile?.lastPlace ?? null;
  const to = attempt.place;
  const { travel } = policy;
  if (from === null || to === null || travel.exempt.includes(attempt.network.kind)) return undefined;
  const distanceKm = nearestKm(from, to);
  if (distanceKm <= travel.leastKm) return undefined;
  // An attempt may arrive late, so the journey may as well run backwards.
  const between = Math.abs(attempt.occurredAt - from.at);
  if (distanceKm / (Math.max(between, SECOND) / HOUR) <= travel.kmPerHour) return undefined;
  let points = policy.score.impossibleTravel;
  if (familiarity.device > 0) points *= travel.knownDeviceFactor;
  else if (familiarity.client > 0) points *= travel.knownClientFactor;
  return {
    kind: 'impossible-travel',
    points,
    evidence: {
      fromCity: from.city,
      fromCountry: from.country,
      toCity: to.city,
      toCountry: to.country,
      distanceKm: Math.round(distanceKm),
      minutes: inMinutes(between),
      previousAttemptId: from.attemptId,
    },
  };
}
