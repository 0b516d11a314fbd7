import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import geoip from 'geoip-lite';
import parseUserAgent from 'my-ua-parser';
import { DAY } from '../../../server/simulation/domain/calendar.js';
import { clientKinds, userAgentOf } from '../../../server/simulation/domain/devices.js';
import { addressIn, blocks } from '../../../server/simulation/domain/networks.js';
import { companyOf } from '../../../server/simulation/domain/people.js';
import { timelineOf } from '../../../server/simulation/domain/timeline.js';

const asNumber = (ip: string): number => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** Which network each wanted address belongs to, by the table that the product ships. */
function networksOf(addresses: readonly string[]): Map<string, number> {
  const file = createRequire(import.meta.url).resolve('@ip-location-db/asn/asn-ipv4-num.csv');
  const wanted = addresses.map((ip) => [asNumber(ip), ip] as const).sort(([a], [b]) => a - b);
  const found = new Map<string, number>();
  let next = 0;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [first, last, asn] = line.split(',', 3).map(Number);
    if (first === undefined || last === undefined || asn === undefined) continue;
    while (next < wanted.length && (wanted[next]?.[0] ?? 0) < first) next++;
    for (; next < wanted.length && (wanted[next]?.[0] ?? 0) <= last; next++) found.set(wanted[next]?.[1] ?? '', asn);
  }
  return found;
}

describe('the simulated networks', () => {
  const ends = blocks.flatMap((block) => [addressIn(block, 0), addressIn(block, 120), addressIn(block, 253)]);
  const networks = networksOf(ends);

  it.each(blocks.map((block) => [`${block.prefix}.0/24`, block] as const))('%s is where it says', (_, block) => {
    for (const n of [0, 120, 253]) {
      const ip = addressIn(block, n);
      expect(geoip.lookup(ip)).toMatchObject({ country: block.country, city: block.city });
      expect(networks.get(ip)).toBe(block.asn);
    }
  });

  const to = Date.parse('2026-11-24T12:00:00Z');
  const fortnight = [...timelineOf(companyOf(2026)).history(to - 14 * DAY, to)];

  it('are the only ones that ever appear', () => {
    const known = new Set(blocks.map(({ prefix }) => prefix));
    const strange = fortnight.filter(({ attempt }) => !known.has(attempt.ip.slice(0, attempt.ip.lastIndexOf('.'))));
    expect(strange).toEqual([]);
  });

  it('lead honest people to their offices, homes, carriers and travels', () => {
    const byAddress = new Map<string, number>();
    for (const { attempt } of fortnight) {
      if (attempt.outcome === 'success') byAddress.set(attempt.ip, (byAddress.get(attempt.ip) ?? 0) + 1);
    }
    const countries = new Map<string, number>();
    for (const [ip, count] of byAddress) {
      const country = geoip.lookup(ip)?.country ?? 'none';
      countries.set(country, (countries.get(country) ?? 0) + count);
    }
    const busiest = [...countries].sort(([, a], [, b]) => b - a).map(([country]) => country);
    expect(busiest.slice(0, 5).sort()).toEqual(['DE', 'NL', 'NO', 'PL', 'PT']);
    expect(busiest[0]).toBe('PT');
    expect(countries.size).toBeGreaterThan(7);
  });
});

describe('the simulated devices', () => {
  const at = Date.parse('2026-11-24T12:00:00Z');

  it.each(clientKinds.filter((client) => client !== 'git'))('%s is recognised by its user agent', (client) => {
    const { os } = parseUserAgent(userAgentOf({ id: 'dev-1', client, updateLag: 3 }, at));
    expect(os.name).toBeDefined();
  });

  it('update their browsers as time goes on', () => {
    const device = { id: 'dev-1', client: 'windows-chrome', updateLag: 0 } as const;
    expect(userAgentOf(device, Date.parse('2024-11-20'))).toContain('Chrome/131.0.0.0');
    expect(userAgentOf(device, at)).not.toBe(userAgentOf(device, at - 60 * DAY));
  });
});
