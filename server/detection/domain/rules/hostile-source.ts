import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { DAY, type Policy } from '../policy.js';
import type { Reputation } from '../reputation.js';

type Scope = 'network' | 'client' | 'country';

/** The network, the exact client or the country has lately failed as many strangers, and hardly anybody is at home with it. */
export function hostileSource(facts: Facts, policy: Policy): Signal | undefined {
  const { familiarity } = facts;
  const { score, reputation } = policy;
  const views: [Scope, Reputation | undefined, number][] = [
    ['network', familiarity.network > 0 ? undefined : facts.networkReputation, score.hostileNetworkNats],
    ['client', familiarity.agent > 0 ? undefined : facts.clientReputation, score.hostileClientNats],
    ['country', familiarity.country > 0 ? undefined : facts.countryReputation, score.hostileCountryNats],
  ];
  let [nats, most, subjects] = [0, 0, 0];
  let scope: Scope = 'network';
  for (const [name, view, weight] of views) {
    if (view === undefined) continue;
    const { subjectHash, at } = facts.event;
    const strangers = view.strangers(subjectHash, at, reputation);
    if (Math.round(strangers) < reputation.strangers) continue;
    const share = weight * view.hostility(subjectHash, at, reputation);
    nats += share;
    if (share > most) [most, scope, subjects] = [share, name, Math.round(strangers)];
  }
  if (nats === 0) return undefined;
  return {
    kind: 'hostile-source',
    points: Math.min(score.hostileMost, score.perNat * nats),
    evidence: { scope, subjects, days: Math.round(reputation.strangersMs / DAY) },
  };
}
