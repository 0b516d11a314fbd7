import type { Risk } from '../../../contracts/detection.js';
import type { EnrichedAttempt } from '../enriched-attempt.js';
import type { Facts } from '../facts.js';

/** No program was named: sshd and most directories send none. */
export function clientMissing(attempt: EnrichedAttempt): boolean {
  return attempt.userAgent === null && attempt.client.os === null && attempt.client.browser === null;
}

/** What could not be judged. Nothing here ever adds points, and nothing here reassures. */
export function missingOf(facts: Facts): Risk['missing'] {
  const { attempt, profile } = facts;
  const missing: Risk['missing'] = [];
  if (attempt.place === null) missing.push('place');
  if (attempt.network.asn === null) missing.push('network');
  if (clientMissing(attempt)) missing.push('client');
  if (profile === undefined) missing.push('history');
  return missing;
}
