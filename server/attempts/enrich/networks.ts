import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import ipaddr from 'ipaddr.js';
import { type AsnResponse, Reader } from 'maxmind';
import type { Network } from '../../contracts/detection.js';
import { networkKindOf } from '../domain/network-kind.js';

/** Finds which network announces an address. */
export type FindNetwork = (ip: string) => Network;

const unknown: Network = { asn: null, organisation: null, kind: 'unknown' };

/** The table shipped with Gatehouse (IPtoASN by way of ip-location-db, see NOTICE), or the operator's MMDB file. */
export async function openNetworks(mmdbPath: string | undefined): Promise<FindNetwork> {
  const known = new Map<number, Network>();
  if (mmdbPath !== undefined) {
    const reader = new Reader<AsnResponse>(await readFile(mmdbPath));
    return (ip) => {
      const found = reader.get(ip);
      return found ? networkOf(known, found.autonomous_system_number, found.autonomous_system_organization) : unknown;
    };
  }
  const folder = createRequire(import.meta.url)
    .resolve('@ip-location-db/asn/package.json')
    .replace(/package\.json$/, '');
  const [four, six] = await Promise.all([
    readRanges(`${folder}asn-ipv4-num.csv`, Number, known),
    readRanges(`${folder}asn-ipv6.csv`, highBitsOfV6, known),
  ]);
  return (ip) => {
    const address = ipaddr.parse(ip);
    const ranges = address.kind() === 'ipv4' ? four : six;
    const asn = findRange(ranges, highBits(address.toByteArray()));
    return asn === undefined ? unknown : (known.get(asn) ?? unknown);
  };
}

/** Sorted ranges in typed arrays: half a million of them as objects would take twenty times the memory. */
type Ranges = { starts: Float64Array; ends: Float64Array; asns: Uint32Array };

/**
 * The first 48 bits of an address, which a double holds exactly: IPv4 whole, IPv6 to the /48 that is the smallest prefix
 * announced between networks.
 */
function highBits(bytes: readonly number[]): number {
  return bytes.slice(0, bytes.length === 4 ? 4 : 6).reduce((value, byte) => value * 256 + byte, 0);
}

/** The same of an IPv6 address as text; the files spell out its first groups, or end them with "::". */
function highBitsOfV6(text: string): number {
  const groups = text.split('::', 1)[0]?.split(':') ?? [];
  return [0, 1, 2].reduce((value, index) => value * 65_536 + Number.parseInt(groups[index] || '0', 16), 0);
}

/** Reads half a million lines at each start, so without regular expressions and line streams: they took more than twice the time. */
async function readRanges(
  path: string,
  numberOf: (address: string) => number,
  known: Map<number, Network>,
): Promise<Ranges> {
  const text = await readFile(path, 'utf8');
  const starts: number[] = [];
  const ends: number[] = [];
  const asns: number[] = [];
  for (let at = 0, next = 0; at < text.length; at = next + 1) {
    next = text.indexOf('\n', at);
    if (next === -1) next = text.length;
    const end = text.indexOf(',', at) + 1;
    const number = text.indexOf(',', end) + 1;
    const name = text.indexOf(',', number) + 1;
    const asn = Number(text.slice(number, name - 1));
    starts.push(numberOf(text.slice(at, end - 1)));
    ends.push(numberOf(text.slice(end, number - 1)));
    asns.push(asn);
    if (!known.has(asn)) networkOf(known, asn, unquote(ownCopy(text.slice(name, next))));
  }
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends), asns: Uint32Array.from(asns) };
}

/** A slice keeps the text alive that it was cut from, here 20 MB. */
const ownCopy = (slice: string): string => Buffer.from(slice).toString();

const unquote = (field: string): string => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);

function networkOf(known: Map<number, Network>, asn: number, organisation: string | undefined): Network {
  let network = known.get(asn);
  if (!network) {
    const name = organisation === undefined || organisation === '' ? null : organisation;
    network = { asn, organisation: name, kind: networkKindOf(name) };
    known.set(asn, network);
  }
  return network;
}

/** Binary search for the last range that starts at or before the value. */
function findRange({ starts, ends, asns }: Ranges, value: number): number | undefined {
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high >= 0 && (ends[high] as number) >= value ? asns[high] : undefined;
}
