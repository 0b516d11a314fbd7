import { inCidr, parseCidr } from '../../../dashboard/src/live/cidr.js';
import {
  bandLevel,
  filterQuery,
  liveLink,
  matches,
  noFilters,
  onlyOutcome,
  parseFilters,
  parseRisk,
  riskBand,
  serverFilter,
  withCondition,
  withOutcome,
  withoutCondition,
  withoutUnread,
} from '../../../dashboard/src/live/filters.js';
import { attemptRow } from './attempt-fixtures.js';

const from = (query: string) => parseFilters(query);

describe('filters in the address bar', () => {
  it('are readable and come back exactly', () => {
    const query = '?outcome=failed&country!=PT&risk=70..&ip=2001:db8::1&subject=root@example.com';
    expect(filterQuery(from(query))).toBe(query);
  });

  it('keep a fixed stretch of time', () => {
    const query = '?asn=64496&from=2026-11-24T14:00:00.000Z&to=2026-11-24T14:10:00.000Z';
    expect(filterQuery(from(query))).toBe(query);
    expect(from('?from=2026-11-24T14:10:00Z&to=2026-11-24T14:00:00Z').range).toBeNull();
  });

  it('name what cannot be read, and keep it until it is removed', () => {
    const query =
      '?outcome=maybe&asn=x&country=Portugal&risk=90..10&colour=red&person=sam&from=2026-11-24T14:10:00Z&a=b=c';
    const filters = from(query);
    expect(filters.conditions).toEqual([]);
    expect(filters.unread).toEqual(query.slice(1).split('&'));
    expect(filterQuery(filters)).toBe(query);
    expect(filterQuery(withoutUnread(filters, 'asn=x'))).toBe(query.replace('&asn=x', ''));
  });

  it('count once what is there twice', () => {
    expect(from('?ip=51.15.0.7&x=1&ip=51.15.0.7&x=1')).toEqual({
      conditions: [{ field: 'ip', not: false, value: '51.15.0.7' }],
      range: null,
      unread: ['x=1'],
    });
  });

  it('survive hostile values', () => {
    const subject = '"><img src=x onerror=alert(1)>&outcome=failed#\u202e';
    const [condition] = from(liveLink('subject', subject).slice('/live'.length)).conditions;
    expect(condition).toEqual({ field: 'subject', not: false, value: subject });
  });

  it('read open and closed score ranges', () => {
    expect(parseRisk('70..')).toEqual({ min: 70, max: 100 });
    expect(parseRisk('..29')).toEqual({ min: 0, max: 29 });
    expect(parseRisk('seventy')).toBeNull();
    expect(bandLevel(riskBand('high'))).toBe('high');
    expect(bandLevel('70..')).toBeNull();
  });
});

describe('matches', () => {
  const row = attemptRow();

  it('takes values of one field as alternatives and different fields together', () => {
    expect(matches(row, from('?outcome=failed&outcome=blocked&country=SG'))).toBe(true);
    expect(matches(row, from('?outcome=failed&country=PT'))).toBe(false);
  });

  it('leaves out what is excluded', () => {
    expect(matches(row, from('?asn!=64496'))).toBe(false);
    expect(matches(attemptRow({ place: null }), from('?country!=PT'))).toBe(true);
  });

  it('holds the score range and the stretch of time', () => {
    expect(matches(row, from('?risk=58..'))).toBe(true);
    expect(matches(row, from('?risk=59..'))).toBe(false);
    expect(matches(row, from('?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z'))).toBe(false);
  });
});

describe('inCidr', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24', true],
    ['203.0.114.1', '203.0.113.0/24', false],
    ['2001:db8:40:1f::8c', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['192.0.2.1', '::/0', false],
    ['192.0.2.1', '0.0.0.0/0', true],
  ])('%s in %s: %s', (ip, range, inside) => {
    expect(inCidr(ip, range)).toBe(inside);
  });

  it.each(['203.0.113.0', '300.1.1.1/8', '1::2::3/64', '10.0.0.0/33', 'a/8'])('can not read %s', (range) => {
    expect(parseCidr(range)).toBeNull();
  });

  it('filters live rows', () => {
    expect(matches(attemptRow(), from('?cidr=203.0.113.0/24'))).toBe(true);
    expect(filterQuery(from('?cidr=203.0.113.0/24'))).toBe('?cidr=203.0.113.0/24');
  });
});

describe('changing filters', () => {
  it('replaces the opposite of a condition and never doubles one', () => {
    const once = withCondition(noFilters, { field: 'country', not: false, value: 'PT' });
    expect(withCondition(once, { field: 'country', not: true, value: 'PT' }).conditions).toEqual([
      { field: 'country', not: true, value: 'PT' },
    ]);
    expect(withCondition(once, { field: 'country', not: false, value: 'PT' }).conditions).toHaveLength(1);
    expect(withoutCondition(once, { field: 'country', not: false, value: 'PT' })).toEqual(noFilters);
  });

  it('shows one outcome at a time from the chips', () => {
    const failed = withOutcome(from('?outcome=blocked&country=PT'), 'failure');
    expect(filterQuery(failed)).toBe('?country=PT&outcome=failed');
    expect(onlyOutcome(failed)).toBe('failure');
    expect(onlyOutcome(withOutcome(failed, null))).toBeNull();
  });

  it('asks the server for what it can and no more', () => {
    expect(serverFilter(from('?outcome=failed&risk=60..84&asn=1&country!=PT&ip=192.0.2.1&ip=192.0.2.2'))).toEqual({
      outcome: 'failure',
      riskMin: 60,
      riskMax: 84,
      asn: 1,
    });
  });
});
