import type { Signal } from '../../../contracts/detection.js';
import type { EnrichedAttempt } from '../enriched-attempt.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** Names that HTTP libraries and headless browsers give themselves unless told otherwise. */
const SCRIPTED =
  /^(?:python|curl|wget|go-http|java\/|okhttp|libwww|ruby|perl|axios|node|undici|php|powershell)|headless|phantomjs|selenium|scrapy|httpclient/i;

/** How much of a user agent the evidence shows. */
const SHOWN = 64;

export function isScripted({ client, userAgent }: EnrichedAttempt): boolean {
  return client.device === 'bot' || (userAgent !== null && SCRIPTED.test(userAgent));
}

/** A scripted client, unless this person (a service account, say) signs in with it anyway. */
export function automationClient(facts: Facts, policy: Policy): Signal | undefined {
  const { clientKey, userAgent } = facts.attempt;
  if (facts.familiarity.client > 0 || !isScripted(facts.attempt)) return undefined;
  const shown = (userAgent ?? clientKey).slice(0, SHOWN);
  return { kind: 'automation-client', points: policy.score.automationClient, evidence: { client: shown } };
}
