import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { DAY, type Policy } from '../policy.js';

/** The network, or the exact client, has lately failed as many strangers and hardly anybody is at home with it. */
export function hostileSource(facts: Facts, policy: Policy): Signal | undefined {
  const { familiarity, event, networkReputation, clientReputation } = facts;
  const { reputation, score } = policy;
  const { at, subjectHash } = event;
  const network = familiarity.network > 0 ? 0 : (networkReputation?.hostility(subjectHash, at, reputation) ?? 0);
  const client = familiarity.agent > 0 ? 0 : (clientReputation?.hostility(subjectHash, at, reputation) ?? 0);
  const byNetwork = score.hostileNetworkNats * network;
  const byClient = score.hostileClientNats * client;
  const scope = byNetwork >= byClient ? 'network' : 'client';
  const told = scope === 'network' ? networkReputation : clientReputation;
  const strangers = Math.round(told?.strangers(subjectHash, at, reputation) ?? 0);
  if (byNetwork + byClient === 0 || strangers < reputation.strangers) return undefined;
  return {
    kind: 'hostile-source',
    points: Math.min(score.hostileMost, score.perNat * (byNetwork + byClient)),
    evidence: { scope, subjects: strangers, days: Math.round(reputation.strangersMs / DAY) },
  };
}
