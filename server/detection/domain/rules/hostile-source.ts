import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { DAY, type Policy } from '../policy.js';
import type { Reputation } from '../reputation.js';

type Scope = 'network' | 'client' | 'country';

/** The network, the exact client or the country has lately failed as many strangers, and hardly anybody is at home with it. */
export function hostileSource(facts: Facts, policy: Policy): Signal | undefined {
  const { familiarity, networkReputation, clientReputation, countryReputation } = facts;
  const { score, reputation } = policy;
  const worst: Worst = { nats: 0, most: 0, scope: 'network', subjects: 0 };
  if (familiarity.network === 0) add(worst, 'network', networkReputation, score.hostileNetworkNats, facts, policy);
  if (familiarity.agent === 0) add(worst, 'client', clientReputation, score.hostileClientNats, facts, policy);
  if (familiarity.country === 0) add(worst, 'country', countryReputation, score.hostileCountryNats, facts, policy);
  const { nats, scope, subjects } = worst;
  if (nats === 0) return undefined;
  return {
    kind: 'hostile-source',
    points: Math.min(score.hostileMost, score.perNat * nats),
    evidence: { scope, subjects, days: Math.round(reputation.strangersMs / DAY) },
  };
}

/** The sum over what is new to the person, and which part of it is told. */
interface Worst {
  nats: number;
  most: number;
  scope: Scope;
  subjects: number;
}

function add(
  worst: Worst,
  scope: Scope,
  view: Reputation | undefined,
  weight: number,
  { event }: Facts,
  { reputation }: Policy,
): void {
  const strangers = Math.round(view?.strangers(event.subjectHash, event.at, reputation) ?? 0);
  if (view === undefined || strangers < reputation.strangers) return;
  const nats = weight * view.hostility(event.subjectHash, event.at, reputation);
  worst.nats += nats;
  if (nats <= worst.most) return;
  worst.most = nats;
  worst.scope = scope;
  worst.subjects = strangers;
}
