import type { OverviewFigures, OverviewLists } from '../../../server/contracts/overview.js';
import { periodsAt } from '../../../server/attempts/domain/overview-period.js';
import { LastHour, lastHourAt } from '../../../dashboard/src/features/overview/last-hour.js';
import { arcsOf, marksOf } from '../../../dashboard/src/features/overview/map-marks.js';
import {
  attemptsLink,
  narrowed,
  overviewAddress,
  parseAddress,
} from '../../../dashboard/src/features/overview/overview-address.js';
import {
  overviewSentence,
  restSentence,
  type SentenceFacts,
} from '../../../dashboard/src/features/overview/overview-sentence.js';
import { greatCircle, MAP, project } from '../../../dashboard/src/features/overview/projection.js';
import { drawSpark, sparkSentence } from '../../../dashboard/src/features/overview/sparkline.js';
import type { Part } from '../../../dashboard/src/ui/signal-sentence.js';
import { alert } from './alert-fixtures.js';

const at = (time: string): number => Date.parse(`2026-11-24T${time}Z`);
const iso = (time: string): string => new Date(at(time)).toISOString();
const textOf = (parts: readonly Part[]): string =>
  parts
    .map(({ text }) => text)
    .join('')
    .replaceAll('\u00a0', ' ');
const counts = (success = 0, failure = 0, challenge = 0, blocked = 0) => ({ success, failure, challenge, blocked });

describe('the address of the overview', () => {
  it('says filters, period and comparison in readable words, and comes back exactly', () => {
    for (const query of [
      '',
      '?outcome=failed&country=PT',
      '?period=7d',
      '?asn=64496&period=30d&compare=off',
      '?reason=wrong_password',
    ])
      expect(overviewAddress(parseAddress(query))).toBe(`/overview${query}`);
    expect(parseAddress('?period=1y')).toMatchObject({ period: '24h', compare: true });
  });

  it('takes one value of each kind, and names the rest as not understood', () => {
    const { filters } = parseAddress('?country=PT&country=ES&asn!=64496&ip=203.0.113.7&colour=red');
    expect(filters.conditions).toEqual([{ field: 'ip', not: false, value: '203.0.113.7' }]);
    expect(filters.unread).toEqual(['colour=red', 'country=PT', 'country=ES', 'asn!=64496']);
  });

  it('is narrowed by a row, which takes the place of the same kind', () => {
    const address = parseAddress('?country=PT&period=7d');
    expect(narrowed(address, { country: 'SG' })).toBe('/overview?country=SG&period=7d');
    expect(narrowed(address, { outcome: 'failed', reason: 'expired' })).toBe(
      '/overview?country=PT&outcome=failed&reason=expired&period=7d',
    );
  });

  it('leads to exactly the attempts behind a number', () => {
    const { filters } = parseAddress('?country=PT&outcome=challenged');
    const range = { from: '2026-11-24T13:00:00.000Z', to: '2026-11-24T14:00:00.000Z' };
    expect(attemptsLink(filters, range, { outcome: ['failed', 'blocked'], ip: '203.0.113.7' })).toBe(
      `/live?country=PT&outcome=failed&outcome=blocked&ip=203.0.113.7&from=${range.from}&to=${range.to}`,
    );
  });
});

describe('periods', () => {
  it('are whole hours or days, end with the present one, and follow the one before', () => {
    const { period, previous } = periodsAt('24h', at('14:16:30'));
    expect(period).toEqual({ from: at('15:00:00') - 24 * 3_600_000, to: at('15:00:00') });
    expect(previous).toEqual({ from: period.from - 24 * 3_600_000, to: period.from });
    const month = periodsAt('30d', at('14:16:30'));
    expect(new Date(month.period.from).toISOString()).toBe('2026-10-26T00:00:00.000Z');
    expect(month.period.to).toBe(at('00:00:00') + 86_400_000);
  });
});

describe('the last hour', () => {
  const figures: OverviewFigures = {
    asOf: iso('14:16:30'),
    minutes: [
      { startsAt: iso('13:17:00'), counts: counts(5) },
      { startsAt: iso('14:16:00'), counts: counts(2, 1) },
    ],
    hours: Array.from({ length: 25 }, (_, index) => ({
      startsAt: new Date(at('14:00:00') - (24 - index) * 3_600_000).toISOString(),
      counts: index < 3 ? null : counts(10, index),
      openSessions: null,
    })),
    lastWeek: { counts: null, openSessions: null },
    openSessions: 3,
    sessionsFiltered: false,
  };

  it('adds what live frames count, once, and lets old minutes go', () => {
    const hour = new LastHour(figures);
    expect(hour.totals(at('14:16:30'))).toEqual(counts(7, 1));
    hour.add(at('14:16:29'), counts(100));
    hour.add(at('14:16:31'), counts(1, 2, 3, 4));
    expect(hour.totals(at('14:16:40'))).toEqual(counts(8, 3, 3, 4));
    expect(hour.hours(at('14:16:40')).at(-1)!.counts).toEqual(counts(11, 26, 3, 4));
    expect(hour.totals(at('14:17:01'))).toEqual(counts(3, 3, 3, 4));
    expect(lastHourAt(at('14:16:30'))).toEqual({ from: at('13:17:00'), to: at('14:17:00') });
  });

  it('begins a new hour by itself, and keeps what is not known apart from nothing', () => {
    const hours = new LastHour(figures).hours(at('15:00:01'));
    expect(hours).toHaveLength(25);
    expect(hours[0]!.counts).toBeNull();
    expect(hours.at(-1)).toMatchObject({ startsAt: at('15:00:00'), counts: counts() });
  });
});

describe('a sparkline', () => {
  const values = [4, 2, null, null, 8, 6, 3].map((value, index) => ({ at: index, value }));

  it('has a gap where nothing is known, and its last, unfinished value apart', () => {
    const spark = drawSpark(values);
    expect(spark.lines).toHaveLength(2);
    expect(spark.lines[1]!.split('L')).toHaveLength(2);
    expect(spark.partial).not.toBeNull();
    expect(spark.dot!.x).toBe(93);
    expect(drawSpark(values.map(({ at }) => ({ at, value: null })))).toMatchObject({
      lines: [],
      partial: null,
      dot: null,
    });
  });

  it('says what it shows', () => {
    expect(sparkSentence('Failed', values)).toBe(
      'Failed per hour rose from 4 to 6 in 24 hours, at most 8; 2 hours are not known',
    );
    expect(sparkSentence('Failed', [{ at: 0, value: null }])).toBe('Failed: nothing known of the last 24 hours');
  });
});

describe('the sentence of the overview', () => {
  const facts = (over: Partial<SentenceFacts> = {}): SentenceFacts => ({
    counts: counts(293, 160, 38, 3),
    lastWeek: counts(300, 90),
    filters: parseAddress('').filters,
    range: { from: iso('13:17:00'), to: iso('14:17:00') },
    alerts: [],
    alertsLabel: '',
    now: at('14:16:30'),
    ...over,
  });

  it('tells the last hour where nothing is wrong, with links to what it counts', () => {
    const parts = overviewSentence(facts());
    expect(textOf(parts)).toBe('293 signed in and 163 failed in the last hour; 38 were asked for a second factor.');
    expect(parts[2]!.href).toContain('outcome=failed&outcome=blocked&from=');
    expect(textOf(restSentence(facts()))).toBe('27 % more attempts than at this hour last Tuesday. No alert is open.');
    expect(textOf(restSentence(facts({ lastWeek: null })))).toContain('no same hour a week ago');
    expect(textOf(overviewSentence(facts({ counts: counts() })))).toBe('Nobody tried to sign in during the last hour.');
  });

  it('begins with the worst alert while that is fresh, unless the page is about something else', () => {
    const fresh = { alerts: [alert({ lastAt: iso('14:10:00') })], alertsLabel: '1' };
    expect(textOf(overviewSentence(facts(fresh)))).toMatch(/tried 41 accounts/);
    expect(textOf(restSentence(facts(fresh)))).toMatch(
      /^Last seen 7 min ago\. In the last hour 494 attempts, 163 failed\. 1 alert is open\.$/,
    );
    expect(textOf(overviewSentence(facts({ ...fresh, now: at('15:00:00') })))).toMatch(/^293 signed in/);
    const { filters } = parseAddress('?country=PT');
    expect(textOf(overviewSentence(facts({ ...fresh, filters })))).toMatch(/^293 signed in/);
    expect(overviewSentence(facts({ ...fresh, filters }))[0]!.href).toContain('country=PT');
  });
});

describe('the map', () => {
  const place = (city: string, latitude: number, longitude: number, accuracyKm = 20) => ({
    country: 'PT',
    region: null,
    city,
    latitude,
    longitude,
    accuracyKm,
  });
  const lisbon = place('Lisbon', 38.72, -9.13);
  const singapore = place('Singapore', 1.29, 103.85);

  it('has places where they are, with true areas', () => {
    const [west, east] = [project(lisbon), project(singapore)];
    expect(west.x).toBeLessThan(east.x);
    expect(west.y).toBeLessThan(east.y);
    const area = (latitude: number): number => {
      const a = project({ latitude, longitude: 0 });
      const wide = project({ latitude, longitude: 0.1 }).x - a.x;
      return (
        (wide * (a.y - project({ latitude: latitude + 0.1, longitude: 0 }).y)) /
        Math.cos(((latitude + 0.05) * Math.PI) / 180)
      );
    };
    expect(area(60) / area(0)).toBeCloseTo(1, 2);
  });

  it('makes the area of a dot stand for its count, joins what lies together, and rings what is critical', () => {
    const places: OverviewLists['places'] = [
      { place: lisbon, attempts: 400, critical: 0 },
      { place: place('Setúbal', 38.52, -8.89), attempts: 5, critical: 0 },
      { place: place('Perth', -31.9, 115.8, 1_000), attempts: 100, critical: 0 },
      { place: singapore, attempts: 10, critical: 2 },
    ];
    const [first, perth, ringed] = marksOf(places);
    expect(first).toMatchObject({ name: 'Lisbon', words: '405, 2 places', accuracy: null, critical: false });
    expect(first!.radius / perth!.radius).toBeCloseTo(Math.sqrt(405 / 100), 5);
    expect(perth!.accuracy).toBeGreaterThan(perth!.radius);
    expect(ringed).toMatchObject({ words: '10, 2 critical', critical: true });
  });

  it('draws a journey over the shortest way, also over the edge of the map', () => {
    const [whole, ...more] = greatCircle(lisbon, singapore);
    expect(more).toEqual([]);
    const straight = (project(lisbon).y + project(singapore).y) / 2;
    expect(whole![24]!.y).toBeLessThan(straight);
    expect(greatCircle(place('Tokyo', 35.7, 139.7), place('Houston', 29.8, -95.4))).toHaveLength(2);
    expect(greatCircle(lisbon, lisbon)).toEqual([[project(lisbon)]]);
    const [arc] = arcsOf([
      { alertId: 'a', person: 'Sam Okafor', from: lisbon, to: singapore, km: 11_879, minutes: 40 },
    ]);
    expect(arc).toMatchObject({ words: '11,879\u00a0km in 40\u00a0min', href: '/alerts/a' });
    expect(arc!.at.x).toBeLessThan(MAP.width);
  });
});
