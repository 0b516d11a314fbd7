import type { KnownApplications } from '../../../server/applications/known-applications.js';
import { type AttemptsFrame, FRAME_INTERVAL_MS, FRAME_ROWS_MAX } from '../../../server/contracts/live.js';
import { Frames } from '../../../workers/score-attempts/frames.js';

type Scored = Parameters<Frames['add']>[0][number];

/** A scored attempt as far as frames look at it; its number is its id. */
const scored = (number: number, score = 5): Scored =>
  ({
    accepted: { subject: 'sam' },
    enriched: { id: String(number), occurredAt: number * 1_000, outcome: 'failure', network: {}, client: {} },
    risk: { score, level: score >= 60 ? 'high' : 'low' },
    person: null,
  }) as unknown as Scored;

const { jest } = import.meta;

describe('live frames', () => {
  let sent: AttemptsFrame[];
  let frames: Frames;

  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    const publisher = {
      emit: (_room: string, _event: string, frame: unknown) => void sent.push(frame as AttemptsFrame),
    };
    const applications = { nameOf: () => 'Webmail' } as unknown as KnownApplications;
    frames = new Frames(publisher as never, applications, () => Date.now());
  });
  afterEach(() => {
    frames.stop();
    jest.useRealTimers();
  });
  const add = (count: number, from = 1, score?: number): void =>
    frames.add(Array.from({ length: count }, (_, index) => scored(from + index, score)));
  const ids = (): number[] => sent.flatMap(({ rows }) => rows.map(({ id }) => Number(id))).sort((a, b) => a - b);
  const total = (): number => sent.reduce((sum, { counts }) => sum + counts.total, 0);

  it('sends the first attempt after a quiet moment at once', () => {
    add(1);
    jest.advanceTimersByTime(0);
    expect(ids()).toEqual([1]);
  });

  it('spreads a burst over the next frames, each in its time, and leaves nobody out', () => {
    add(120);
    jest.advanceTimersByTime(0);
    expect(sent).toHaveLength(1);
    jest.advanceTimersByTime(FRAME_INTERVAL_MS - 1);
    expect(sent).toHaveLength(1);
    jest.advanceTimersByTime(FRAME_INTERVAL_MS + 1);
    expect(sent.map(({ rows }) => rows.length)).toEqual([FRAME_ROWS_MAX, FRAME_ROWS_MAX, 20]);
    expect(sent.map(({ sampled }) => sampled)).toEqual([false, false, false]);
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(ids()).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
    expect(total()).toBe(120);
    jest.advanceTimersByTime(10 * FRAME_INTERVAL_MS);
    expect(sent).toHaveLength(3);
  });

  it('thins a flood to its newest rows, says so, and counts every attempt', () => {
    for (let second = 0; second < 20; second += 1) {
      add(250, 1 + second * 250);
      jest.advanceTimersByTime(FRAME_INTERVAL_MS);
    }
    jest.advanceTimersByTime(2_000);
    expect(total()).toBe(5_000);
    expect(sent.some(({ sampled }) => sampled)).toBe(true);
    expect(Math.max(...sent.map(({ rows }) => rows.length))).toBeLessThanOrEqual(FRAME_ROWS_MAX);
    expect(ids()).toContain(5_000);
  });

  it('leaves risky rows out last', () => {
    frames.add([scored(1, 80), ...Array.from({ length: 400 }, (_, index) => scored(2 + index))]);
    jest.advanceTimersByTime(5 * FRAME_INTERVAL_MS);
    expect(ids()).toContain(1);
  });
});
