import { isZone, LogClock } from '../../../server/connectors/sshd/log-clock.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');

function clock(
  options: { zone?: string; year?: number; now?: number; last?: number } = {},
): (stamp: string) => string | null {
  const { zone = 'UTC', year, now = NOW, last } = options;
  const log = new LogClock({ zone, year, now: () => now, last });
  return (stamp) => {
    const [month = '', day, time = ''] = stamp.split(/ +/);
    const [hour, minute, second] = time.split(':').map(Number);
    const instant = log.read(month, Number(day), hour ?? 0, minute ?? 0, second ?? 0);
    return instant === null ? null : new Date(instant).toISOString();
  };
}

test('the year is the latest in which the line is not in the future', () => {
  expect(clock()('Mar 10 11:59:59')).toBe('2026-03-10T11:59:59.000Z');
  expect(clock()('Mar 12 11:59:59')).toBe('2025-03-12T11:59:59.000Z');
  expect(clock()('Dec 31 23:59:59')).toBe('2025-12-31T23:59:59.000Z');
});

test('a clock a little ahead does not throw a line a year back', () => {
  expect(clock()('Mar 11 02:00:00')).toBe('2026-03-11T02:00:00.000Z');
});

test('January after December is the next year, also with a given year and after a restart', () => {
  const read = clock({ year: 2019 });
  expect(
    [
      'Dec 31 23:59:59',
      'Jan  1 00:00:00',
      'Dec 31 23:59:58',
      'Jan  1 00:00:01',
      'Dec  1 00:00:00',
      'Jan  2 00:00:00',
    ].map(read),
  ).toEqual([
    '2019-12-31T23:59:59.000Z',
    '2020-01-01T00:00:00.000Z',
    '2019-12-31T23:59:58.000Z',
    '2020-01-01T00:00:01.000Z',
    '2020-12-01T00:00:00.000Z',
    '2021-01-02T00:00:00.000Z',
  ]);
  expect(clock({ last: Date.parse('2019-12-31T23:00:00Z') })('Jan  1 00:00:00')).toBe('2020-01-01T00:00:00.000Z');
});

test('29 February is in a leap year', () => {
  expect(clock()('Feb 29 10:00:00')).toBe('2024-02-29T10:00:00.000Z');
  expect(clock({ year: 2023 })('Feb 29 10:00:00')).toBe('2024-02-29T10:00:00.000Z');
});

test.each(['Foo  1 10:00:00', 'Feb 30 10:00:00', 'Feb  0 10:00:00', 'Feb  1 24:00:00', 'anF  1 10:00:00'])(
  '%s is no time',
  (stamp) => {
    expect(clock()(stamp)).toBeNull();
  },
);

test.each([
  ['Europe/Berlin', 'Jan 15 12:00:00', '2026-01-15T11:00:00.000Z'],
  ['Europe/Berlin', 'Jul 15 12:00:00', '2025-07-15T10:00:00.000Z'],
  ['America/New_York', 'Jan 15 23:00:00', '2026-01-16T04:00:00.000Z'],
  ['Asia/Kolkata', 'Jan 15 00:00:00', '2026-01-14T18:30:00.000Z'],
  // Put back on 26 October 2025 at 3:00: 2:30 comes twice, the first is meant. Put forward on 30 March 2025: 2:30 does not exist.
  ['Europe/Berlin', 'Oct 26 02:30:00', '2025-10-26T00:30:00.000Z'],
  ['Europe/Berlin', 'Oct 26 03:00:00', '2025-10-26T02:00:00.000Z'],
  ['Europe/Berlin', 'Mar 30 02:30:00', '2025-03-30T01:30:00.000Z'],
  ['Europe/Berlin', 'Mar 30 03:00:00', '2025-03-30T01:00:00.000Z'],
])('%s %s', (zone, stamp, expected) => {
  expect(clock({ zone })(stamp)).toBe(expected);
});

test('zones are known or not', () => {
  expect([isZone('Europe/Berlin'), isZone('UTC'), isZone('Mars/Base')]).toEqual([true, true, false]);
});
