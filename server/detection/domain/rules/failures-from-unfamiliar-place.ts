import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { HOUR, type Policy } from '../policy.js';

/** It is told even where it says next to nothing, because people ask about it. */
const LEAST = 1;

/** Somebody keeps failing as this person from networks or countries the person never used, and here is another try. */
export function failuresFromUnfamiliarPlace(facts: Facts, policy: Policy): Signal | undefined {
  const { person, familiarity, attempt } = facts;
  // The owner at home must not pay for what strangers do to the account.
  if (!familiarity.stranger || familiarity.signIns === 0) return undefined;
  if (person.unfamiliar < policy.rules.unfamiliarFailures.failures) return undefined;
  // A few failures at the very address are a forgotten password as likely as not.
  const here = Math.max(0, person.unfamiliarHere - policy.rules.forgottenFailures);
  const elsewhere = person.unfamiliar - person.unfamiliarHere;
  const { perNat, unfamiliarFailuresNats } = policy.score;
  return {
    kind: 'failures-from-unfamiliar-place',
    points: LEAST + perNat * unfamiliarFailuresNats * Math.log1p(here + elsewhere),
    evidence: {
      failures: person.unfamiliar,
      hours: Math.max(0, Math.round((attempt.occurredAt - person.unfamiliarSince) / (HOUR / 10)) / 10),
      countries: [...person.unfamiliarCountries],
      networks: person.unfamiliarNetworks,
    },
  };
}
