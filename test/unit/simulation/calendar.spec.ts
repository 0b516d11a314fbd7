import {
  dayOfMonth,
  hourAt,
  localTime,
  offsetAt,
  weekdayOf,
  weekOf,
} from '../../../server/simulation/domain/calendar.js';

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

describe('local time', () => {
  it.each([
    ['WET', '2026-03-29T00:59:59Z', 0],
    ['WET', '2026-03-29T01:00:00Z', 1],
    ['CET', '2026-07-01T12:00:00Z', 2],
    ['CET', '2026-10-25T00:59:59Z', 2],
    ['CET', '2026-10-25T01:00:00Z', 1],
    ['EST', '2026-12-01T12:00:00Z', -5],
  ] as const)('%s at %s is %i hours from UTC', (zone, instant, hours) => {
    expect(offsetAt(zone, Date.parse(instant))).toBe(hours * 3_600_000);
  });

  it.each(['WET', 'CET', 'EST'] as const)('turns hours into instants and back in %s', (zone) => {
    expect(hourAt(zone, localTime(zone, dayOf('2026-11-24'), 8.5))).toBeCloseTo(8.5);
    expect(hourAt(zone, localTime(zone, dayOf('2026-07-14'), 23.25))).toBeCloseTo(23.25);
  });

  it('counts weekdays, weeks from Monday and days of the month', () => {
    expect(weekdayOf(dayOf('2026-11-24'))).toBe(2);
    expect(weekOf(dayOf('2026-11-22'))).toBe(weekOf(dayOf('2026-11-16')));
    expect(weekOf(dayOf('2026-11-23'))).toBe(weekOf(dayOf('2026-11-22')) + 1);
    expect(dayOfMonth(dayOf('2026-11-24'))).toBe(24);
  });
});
