import { ROLL_UP_ROWS_MAX, type RolledRow } from '../../../server/contracts/live.js';
import { type Rollable, RollUp } from '../../../server/attempts/domain/roll-up.js';

const START = Date.parse('2026-11-24T14:20:00Z');
const quarry = { asn: 64_496, organisation: 'Quarry Hosting', kind: 'hosting' } as const;
const office = { asn: 64_502, organisation: 'Tejo Fibra', kind: 'residential' } as const;

const person = (number: number) => ({ id: `person-${number}`, name: `Person ${number}` });
const attempt = (overrides: Partial<Rollable> = {}): Rollable => ({
  outcome: 'failure',
  ip: '203.0.113.9',
  network: quarry,
  subject: 'somebody',
  person: null,
  score: 10,
  level: 'low',
  ...overrides,
});
const sum = (rows: readonly RolledRow[]): number => rows.reduce((all, row) => all + row.attempts, 0);

describe('a roll-up', () => {
  it('gives accounts that stand out rows of their own, and counts the many others together', () => {
    const rollUp = new RollUp();
    for (let at = 0; at < 400; at += 1)
      rollUp.add(
        attempt({ person: person(at % 200), subject: `p${at % 200}`, ip: `203.0.113.${at % 50}` }),
        START + at,
      );
    for (let at = 0; at < 60; at += 1)
      rollUp.add(attempt({ person: person(7), subject: 'p7', score: 84, level: 'high' }), START + at);
    for (let at = 0; at < 30; at += 1) rollUp.add(attempt({ subject: `name${at}` }), START + at);
    const { rows, rest } = rollUp.read(START + 1_000);
    expect(rows.map(({ who, attempts }) => ({ who, attempts }))).toEqual([
      { who: { kind: 'people', distinct: { count: 199, atLeast: false } }, attempts: 398 },
      { who: { kind: 'one', subject: 'p7', person: person(7) }, attempts: 62 },
      { who: { kind: 'names', distinct: { count: 30, atLeast: false } }, attempts: 30 },
    ]);
    expect(rows[0]?.addresses).toEqual({ count: 50, atLeast: false });
    expect(rows[1]).toMatchObject({ score: 84, level: 'high' });
    expect(rest).toBe(0);
  });

  it('tells outcomes and networks apart, and names the only account of a network', () => {
    const rollUp = new RollUp();
    rollUp.add(attempt({ outcome: 'blocked' }), START);
    rollUp.add(attempt({ outcome: 'success', network: office, person: person(1), subject: 'p1' }), START);
    const { rows, signedIn } = rollUp.read(START);
    expect(rows.map(({ outcome, network }) => [outcome, network.asn])).toEqual([
      ['blocked', quarry.asn],
      ['success', office.asn],
    ]);
    expect(rows[1]?.who).toEqual({ kind: 'one', subject: 'p1', person: person(1) });
    expect(signedIn).toEqual({ count: 1, atLeast: false });
  });

  it('counts the last ten minutes, and shows the last one in bars of four seconds', () => {
    const rollUp = new RollUp();
    for (let second = 0; second < 1_200; second += 1) rollUp.add(attempt(), START + second * 1_000);
    const [row] = rollUp.read(START + 1_199_000).rows;
    expect(row?.attempts).toBe(600);
    expect(row?.minute).toEqual(Array<number>(15).fill(4));
    expect(row?.perSecond).toBe(1);
    expect(rollUp.read(START + 1_199_000 + 300_000).rows[0]?.attempts).toBe(300);
    expect(rollUp.read(START + 1_199_000 + 601_000).rows).toEqual([]);
  });

  it('is exact and bounded whatever comes: what has no place is counted in the rest', () => {
    const rollUp = new RollUp();
    const all = 60_000;
    for (let at = 0; at < all; at += 1) {
      const network = { asn: at % 3_000, organisation: null, kind: 'hosting' as const };
      rollUp.add(
        attempt({ network, subject: `invented-${at}`, ip: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}` }),
        START,
      );
    }
    const { rows, rest } = rollUp.read(START);
    expect(rows.length).toBe(ROLL_UP_ROWS_MAX);
    expect(sum(rows) + rest).toBe(all);
  });

  it('says "more than" where it no longer tells accounts apart, and has room again later', () => {
    const rollUp = new RollUp();
    for (let at = 0; at < 9_000; at += 1) rollUp.add(attempt({ subject: `invented-${at}` }), START);
    expect(rollUp.read(START).rows[0]?.who).toEqual({ kind: 'names', distinct: { count: 5_000, atLeast: true } });
    const later = START + 700_000;
    rollUp.read(later);
    for (let at = 0; at < 25; at += 1) rollUp.add(attempt({ subject: 'root' }), later);
    rollUp.add(attempt({ subject: 'other' }), later);
    expect(rollUp.read(later).rows.map(({ who, attempts }) => [who.kind, attempts])).toEqual([
      ['one', 25],
      ['names', 1],
    ]);
  });
});
