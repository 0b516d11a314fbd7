import ipaddr from 'ipaddr.js';
import type { NetworkKind } from '../contracts/detection.js';

/** An address in the forms that judging needs. */
export type Address = {
  /** Shortest spelling; IPv4-mapped IPv6 becomes plain IPv4, so that one source isn't two. */
  ip: string;
  /** What one subscriber holds: the IPv4 address, or the /64. */
  addressKey: string;
  /** The neighbourhood: /24 or /48. */
  prefixKey: string;
  /** Set for addresses that have no place: `private` or `reserved`. */
  special: Extract<NetworkKind, 'private' | 'reserved'> | null;
};

const privateRanges = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat']);

/** Takes a valid address apart. @throws Error when it isn't one, which validation has ruled out */
export function addressOf(text: string): Address {
  const address = ipaddr.process(text);
  const range = address.range();
  // ipaddr.js calls ::/96 (IPv4-compatible, deprecated by RFC 4291) unicast.
  const compatible =
    address.kind() === 'ipv6' &&
    address
      .toByteArray()
      .slice(0, 12)
      .every((byte) => byte === 0);
  const special = privateRanges.has(range) ? 'private' : range === 'unicast' && !compatible ? null : 'reserved';
  const ip = address.toString();
  if (address.kind() === 'ipv4')
    return { ip, addressKey: ip, prefixKey: `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`, special };
  const groups = address.toNormalizedString().split(':');
  return {
    ip,
    addressKey: `${groups.slice(0, 4).join(':')}::/64`,
    prefixKey: `${groups.slice(0, 3).join(':')}::/48`,
    special,
  };
}

/** What one host has, as people write it: the address itself, or its /64 with zeros left out. */
export function sourceName(text: string): string {
  const { ip, addressKey } = addressOf(text);
  if (ip === addressKey) return ip;
  const [base = '', size = ''] = addressKey.split('/');
  return `${ipaddr.parse(base).toString()}/${size}`;
}

/** The same filter with its address spelt as addresses are recorded. */
export const withPlainAddress = <T extends { ip?: string | undefined }>(filter: T): T =>
  filter.ip === undefined ? filter : { ...filter, ip: addressOf(filter.ip).ip };
