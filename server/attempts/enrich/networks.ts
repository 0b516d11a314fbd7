import { readFile } from 'node:fs/promises';
import { type AsnResponse, Reader } from 'maxmind';
import type { Network } from '../../contracts/detection.js';
import { networkKindOf } from '../domain/network-kind.js';
import type { NetworkTable } from './network-table.js';
import { findRange, rangeKey } from './ranges.js';
import { readTable } from './tables.js';

/** Finds which network announces an address. */
export type FindNetwork = (ip: string) => Network;

const unknown: Network = { asn: null, organisation: null, kind: 'unknown' };

/** The table shipped with Gatehouse, or the operator's MMDB file. */
export async function openNetworks(mmdbPath: string | undefined, tables?: string): Promise<FindNetwork> {
  const known = new Map<number, Network>();
  if (mmdbPath !== undefined) {
    const reader = new Reader<AsnResponse>(await readFile(mmdbPath));
    return (ip) => {
      const found = reader.get(ip);
      return found ? networkOf(known, found.autonomous_system_number, found.autonomous_system_organization) : unknown;
    };
  }
  const { asns, organisations } = await readTable<NetworkTable>('networks', tables);
  return (ip) => {
    const asn = findRange(asns, rangeKey(ip));
    return asn === undefined ? unknown : networkOf(known, asn, organisations.get(asn));
  };
}

function networkOf(known: Map<number, Network>, asn: number, organisation: string | undefined): Network {
  let network = known.get(asn);
  if (!network) {
    const name = organisation === undefined || organisation === '' ? null : organisation;
    network = { asn, organisation: name, kind: networkKindOf(name) };
    known.set(asn, network);
  }
  return network;
}
