import ipaddr from 'ipaddr.js';
import type { AllowedSource } from '../../contracts/detection-policy.js';
import type { EnrichedAttempt } from './enriched-attempt.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** What an entry of the list is compared with. */
export interface Source {
  ip: string;
  asn: number | null;
  applicationId: string;
}

/** Why a source is allowed, and the source as people wrote it. */
export interface Allowance {
  source: string;
  reason: string;
}

interface Entry extends Allowance {
  /** Attempts from this moment on are no longer covered, in milliseconds since 1970. */
  until: number;
  covers(source: Source, address: ipaddr.IPv4 | ipaddr.IPv6): boolean;
}

/** The allow-list of a policy, ready to be asked for each attempt. */
export class AllowedSources {
  private readonly entries: readonly Entry[];

  /** @throws Error for what is no network, which the contract has ruled out */
  constructor(list: readonly AllowedSource[]) {
    this.entries = list.map(entryOf);
  }

  /** Whether a source is on the list at a time, by what is known of it. */
  has(source: Source, at: number): boolean {
    if (this.entries.length === 0) return false;
    const address = ipaddr.parse(source.ip);
    return this.entries.some((each) => at < each.until && each.covers(source, address));
  }

  /** The entry that covers the source at the time of the attempt; by that time, so that a replay finds the same. */
  find(attempt: EnrichedAttempt): Allowance | null {
    if (this.entries.length === 0) return null;
    const { ip, applicationId, occurredAt } = attempt;
    const source = { ip, asn: attempt.network.asn, applicationId };
    const address = ipaddr.parse(ip);
    return this.entries.find((each) => occurredAt < each.until && each.covers(source, address)) ?? null;
  }
}

/** An address or a network with how many of its bits count. @throws Error when it is neither */
export function rangeOf(network: string): Range {
  if (network.includes('/')) return ipaddr.parseCIDR(network);
  const address = ipaddr.process(network);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function entryOf(allowed: AllowedSource): Entry {
  const common = { reason: allowed.reason, until: Date.parse(allowed.until) };
  switch (allowed.kind) {
    case 'asn':
      return { ...common, source: `AS${allowed.asn}`, covers: ({ asn }) => asn === allowed.asn };
    case 'application':
      return {
        ...common,
        source: 'application',
        covers: ({ applicationId }) => applicationId === allowed.applicationId,
      };
    case 'network': {
      const [network, bits] = rangeOf(allowed.network);
      const covers = (_: Source, address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
        network.kind() === address.kind() && address.match(network, bits);
      return { ...common, source: allowed.network, covers };
    }
  }
}
