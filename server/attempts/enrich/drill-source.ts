import { DRILL_NETWORK_SIZE, DRILL_RANGE, drillNetwork } from '../../contracts/drills.js';
import { type Address, addressOf } from '../../platform/address.js';
import type { Source } from './enrich.js';

/** Where an address of a drill is; others are nowhere, whatever place databases say: a drill says nothing about real sources. */
export function drillSourceOf(ip: string): Source {
  const address: Address = addressOf(ip);
  const [first, second = 0, third = 0] = address.ip.split('.').map(Number);
  const block = (second - DRILL_RANGE.second[0]) * 256 + third;
  if (first !== DRILL_RANGE.first || block < 0 || block >= 512)
    return { ...address, place: null, network: { asn: null, organisation: null, kind: 'reserved' } };
  return { ...address, ...drillNetwork(Math.floor(block / DRILL_NETWORK_SIZE)) };
}
