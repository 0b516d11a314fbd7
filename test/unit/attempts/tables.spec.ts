import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import geoip from 'geoip-lite';
import { writeNetworkTable } from '../../../server/attempts/enrich/network-table.js';
import { openNetworks } from '../../../server/attempts/enrich/networks.js';
import { writePlaceTable } from '../../../server/attempts/enrich/place-table.js';
import { openPlaces } from '../../../server/attempts/enrich/places.js';
import { findRange, RangeCollector } from '../../../server/attempts/enrich/ranges.js';

describe('ranges', () => {
  const range = fc.record({
    gap: fc.nat({ max: 3 }),
    length: fc.integer({ min: 1, max: 4 }),
    value: fc.nat({ max: 2 }),
  });

  it('answer for every key as a search through the list does', () => {
    fc.assert(
      fc.property(fc.array(range), (given) => {
        const collector = new RangeCollector();
        const expected: (number | undefined)[] = [];
        for (const { gap, length, value } of given) {
          for (let index = 0; index < gap; index += 1) expected.push(undefined);
          const first = expected.length;
          for (let index = 0; index < length; index += 1) expected.push(value);
          collector.add(BigInt(first), BigInt(expected.length - 1), value);
        }
        const ranges = collector.ranges();
        expected.forEach((value, key) => expect(findRange(ranges, BigInt(key))).toBe(value));
        expect(findRange(ranges, BigInt(expected.length))).toBeUndefined();
      }),
    );
  });

  it('keep the first of two ranges within one key', () => {
    const collector = new RangeCollector();
    collector.add(5n, 5n, 1);
    collector.add(5n, 5n, 2);
    collector.add(5n, 7n, 3);
    const ranges = collector.ranges();
    expect([4n, 5n, 6n, 8n].map((key) => findRange(ranges, key))).toEqual([undefined, 1, 3, undefined]);
  });
});

describe('the tables that the build makes', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-tables-'));
    await Promise.all([writeNetworkTable(folder), writePlaceTable(folder)]);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('know the place of an address as geoip-lite does', async () => {
    const find = await openPlaces(undefined, folder);
    const six = fc
      .tuple(fc.nat({ max: 0xfff }), fc.nat({ max: 0xffff }), fc.nat({ max: 0xffff }), fc.nat({ max: 0xffff }))
      .map(([first, ...others]) => `${[0x2000 + first, ...others].map((group) => group.toString(16)).join(':')}::1`);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), six), (ip) => {
        const shipped = geoip.lookup(ip);
        const place = find(ip);
        expect(place?.country).toBe(shipped?.country || undefined);
        if (!place || !shipped) return;
        expect([place.latitude, place.longitude]).toEqual(shipped.ll);
        expect([place.region ?? '', place.city ?? '']).toEqual([shipped.region, shipped.city]);
        expect(place.accuracyKm).toBe(shipped.area || 1_000);
      }),
      { numRuns: 5_000, seed: 7 },
    );
  });

  it('know the network of an address', async () => {
    const find = await openNetworks(undefined, folder);
    expect(find('8.8.8.8')).toEqual({ asn: 15_169, organisation: 'Google LLC', kind: 'hosting' });
    expect(find('2001:4860:4860::8888').asn).toBe(15_169);
    expect(find('2a01:4f8::1').organisation).toBe('Hetzner Online GmbH');
    expect(find('0.0.0.0')).toEqual({ asn: null, organisation: null, kind: 'unknown' });
    expect(find('ffff::1')).toEqual({ asn: null, organisation: null, kind: 'unknown' });
  });
});
