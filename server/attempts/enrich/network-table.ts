import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RangeCollector, type Ranges } from './ranges.js';
import { folderOfPackage, writeTable } from './tables.js';

/** Which network announces an address, by its number, and what the organisation is called. */
export type NetworkTable = { asns: Ranges; organisations: Map<number, string> };

/** Lines of first address, last address, number of the network and its name; addresses are whole numbers, keys those of ranges.ts. */
const FILES = [
  { file: 'asn-ipv4-num.csv', keyOf: BigInt },
  { file: 'asn-ipv6-num.csv', keyOf: (address: string) => BigInt(address) >> 64n },
];

/** Prepares the table shipped with Gatehouse (IPtoASN by way of ip-location-db, see NOTICE); for the build. */
export async function writeNetworkTable(folder: string): Promise<void> {
  const source = folderOfPackage('@ip-location-db/asn');
  const collector = new RangeCollector();
  const organisations = new Map<number, string>();
  for (const { file, keyOf } of FILES) {
    for (const line of (await readFile(join(source, file), 'utf8')).split('\n')) {
      const found = /^(\d+),(\d+),(\d+),(.*)$/.exec(line);
      if (!found) continue;
      const [, first, last, asn, name] = found as unknown as [string, string, string, string, string];
      collector.add(keyOf(first), keyOf(last), Number(asn));
      if (!organisations.has(Number(asn))) organisations.set(Number(asn), unquote(name));
    }
  }
  await writeTable(folder, 'networks', { asns: collector.ranges(), organisations } satisfies NetworkTable);
}

const unquote = (field: string): string => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
