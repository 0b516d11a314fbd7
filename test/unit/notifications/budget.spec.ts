import { fullUntil } from '../../../server/notifications/domain/budget.js';
import { quietUntil } from '../../../server/notifications/domain/quiet-hours.js';

const MINUTE = 60_000;
const rules = { highMinutes: 30, criticalMinutes: 15, windowMinutes: 10, perWindow: 1, perHour: 3 };

describe('the budget of a receiver', () => {
  const now = 100 * MINUTE;

  it.each([
    ['nothing went out', [], [], null],
    ['one of the kind a minute ago', [99], [99], 109],
    ['one of the kind as long ago as the window', [90], [90], null],
    ['three of other kinds within the hour', [], [50, 70, 99], 110],
    ['both are full: the later end counts', [99], [50, 70, 99], 110],
    ['more than the budget went out', [], [45, 50, 70, 99], 110],
  ])('%s', (_, ofKind, all, until) => {
    const at = (minutes: number[]) => minutes.map((minute) => minute * MINUTE);
    expect(fullUntil(now, at(ofKind), at(all), rules)).toBe(until === null ? null : until * MINUTE);
  });
});

describe('quiet hours', () => {
  const night = { begins: '22:00', ends: '07:00' };

  it.each([
    ['2026-11-25T22:30:00Z', 'UTC', night, '2026-11-26T07:00:00Z'],
    ['2026-11-25T06:59:30Z', 'UTC', night, '2026-11-25T07:00:00Z'],
    ['2026-11-25T07:00:00Z', 'UTC', night, null],
    ['2026-11-25T21:30:00Z', 'Europe/Berlin', night, '2026-11-26T06:00:00Z'],
    ['2026-11-25T21:30:00Z', 'Asia/Kathmandu', night, '2026-11-26T01:15:00Z'],
    ['2026-11-25T12:30:00Z', 'UTC', { begins: '12:00', ends: '13:00' }, '2026-11-25T13:00:00Z'],
    ['2026-11-25T12:30:00Z', 'UTC', null, null],
  ])('at %s in %s with %j end at %s', (now, timeZone, quiet, end) => {
    expect(quietUntil(Date.parse(now), { timeZone, quiet })).toBe(end === null ? null : Date.parse(end));
  });
});
