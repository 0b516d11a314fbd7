import { noFilters, filterQuery } from '../../../dashboard/src/live/filters.js';
import { RolledAttempts } from '../../../dashboard/src/live/roll-up.js';
import { rolledFilters } from '../../../dashboard/src/features/live/rolled-filters.js';
import { surgeSentence } from '../../../dashboard/src/features/live/surge-sentence.js';
import type { RolledRow, SurgeFrame } from '../../../server/contracts/live.js';

const row = (asn: number, overrides: Partial<RolledRow> = {}): RolledRow => ({
  outcome: 'blocked',
  network: { asn, organisation: `Network ${asn}`, kind: 'hosting' },
  who: { kind: 'people', distinct: { count: 388, atLeast: false } },
  attempts: 61_204,
  perSecond: 1_018,
  minute: [],
  addresses: { count: 254, atLeast: false },
  lastAt: '2026-11-24T14:22:05Z',
  score: 72,
  level: 'high',
  ...overrides,
});
const frame = (rows: RolledRow[], overrides: Partial<SurgeFrame> = {}): SurgeFrame => ({
  sentAt: '2026-11-24T14:22:05Z',
  since: '2026-11-24T14:21:06Z',
  perSecond: 1_040,
  signedIn: { count: 31, atLeast: false },
  rows,
  rest: 0,
  over: false,
  ...overrides,
});
const words = (given: SurgeFrame): string =>
  surgeSentence(given, '14:21:06')
    .map(({ text }) => text.replaceAll(/[\u2068\u2069]/g, ''))
    .join('');

describe('rolled-up attempts', () => {
  const asns = (rolled: RolledAttempts) => rolled.rows(null).map(({ network }) => network.asn);

  it('change places only while nobody points at them', () => {
    const rolled = new RolledAttempts();
    rolled.receive(frame([row(1), row(2)]), false, 0);
    rolled.receive(frame([row(3), row(2), row(1)]), true, 0);
    expect(asns(rolled)).toEqual([1, 2, 3]);
    rolled.receive(frame([row(3), row(2)]), true, 0);
    expect(asns(rolled)).toEqual([2, 3]);
    rolled.receive(frame([row(3), row(2)]), false, 0);
    expect(asns(rolled)).toEqual([3, 2]);
  });

  it('end with the last frame, and when no frame comes any more', () => {
    const rolled = new RolledAttempts();
    expect(rolled.active(0)).toBe(false);
    rolled.receive(frame([row(1)]), false, 1_000);
    expect(rolled.active(10_000)).toBe(true);
    expect(rolled.active(11_000)).toBe(false);
    rolled.receive(frame([row(1)], { over: true }), false, 12_000);
    expect(rolled.active(12_000)).toBe(false);
  });

  it('lead to the attempts that they count', () => {
    const sam = { id: '0b8ac2f4-5f7e-4f0c-9a35-1f2d3c4b5a69', name: 'Sam' };
    const one = row(64_496, { who: { kind: 'one', subject: 'sam', person: sam } });
    expect(filterQuery(rolledFilters(noFilters, one))).toBe(`?outcome=blocked&asn=64496&person=${sam.id}`);
    expect(filterQuery(rolledFilters(noFilters, row(64_496)))).toBe('?outcome=blocked&asn=64496');
  });
});

describe('the sentence of a surge', () => {
  it('names the network that most comes from, and whether somebody got in', () => {
    expect(words(frame([row(1), row(2, { perSecond: 3, outcome: 'success' })]))).toBe(
      'Network 1 sends most of 1,040 attempts a second since 14:21:06; nobody got in from there. 31 people signed in meanwhile.',
    );
    expect(words(frame([row(1), row(1, { perSecond: 1, outcome: 'success', attempts: 2 })]))).toContain(
      '; 2 sign-ins from there.',
    );
  });

  it('blames no network where there are many', () => {
    expect(words(frame([row(1, { perSecond: 200 })]))).toContain(
      '1,040 attempts a second since 14:21:06, from many networks.',
    );
  });
});
