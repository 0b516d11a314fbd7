import type { SurgeFrame } from '../../../server/contracts/live.js';
import { Surge } from '../../../workers/score-attempts/surge.js';

const { jest } = import.meta;
type Scored = Parameters<Surge['add']>[0][number];

const scored = (): Scored =>
  ({
    accepted: { subject: 'sam' },
    enriched: { outcome: 'failure', ip: '203.0.113.9', network: { asn: 64_496, organisation: null, kind: 'hosting' } },
    risk: { score: 5, level: 'low' },
    person: null,
  }) as unknown as Scored;

describe('a surge', () => {
  let sent: SurgeFrame[];
  let surge: Surge;

  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    const publisher = { emit: (_room: string, _event: string, frame: unknown) => void sent.push(frame as SurgeFrame) };
    surge = new Surge(publisher as never, () => Date.now());
  });
  afterEach(() => {
    surge.stop();
    jest.useRealTimers();
  });
  const second = (attempts: number): void => {
    surge.add(Array.from({ length: attempts }, scored));
    jest.advanceTimersByTime(1_000);
  };

  it('begins after three seconds of more than thirty attempts, and is told once a second', () => {
    for (const attempts of [100, 100, 30, 31, 31]) second(attempts);
    expect(sent).toEqual([]);
    const began = Date.now() - 2_000;
    second(31);
    second(500);
    expect(sent.map(({ perSecond, over }) => [perSecond, over])).toEqual([
      [31, false],
      [148, false],
    ]);
    expect(sent[0]?.since).toBe(new Date(began).toISOString());
    // What came before it began is in the counts, too.
    expect(sent[1]?.rows[0]?.attempts).toBe(823);
  });

  it('is over after half a minute in which everything could be read, and begins anew as another one', () => {
    for (let at = 0; at < 3; at += 1) second(40);
    for (let at = 0; at < 29; at += 1) second(5);
    expect(sent.every(({ over }) => !over)).toBe(true);
    second(5);
    expect(sent.at(-1)?.over).toBe(true);
    const told = sent.length;
    second(5);
    expect(sent).toHaveLength(told);
    for (let at = 0; at < 3; at += 1) second(40);
    expect(sent.at(-1)?.over).toBe(false);
    expect(Date.parse(sent.at(-1)?.since ?? '')).toBeGreaterThan(Date.parse(sent[0]?.since ?? ''));
  });
});
