import { AttemptFeed, isGap, RING_MAX, type Line } from '../../../dashboard/src/live/attempt-feed.js';
import { parseFilters } from '../../../dashboard/src/live/filters.js';
import type { AttemptRow } from '../../../server/contracts/attempts.js';
import { attemptRow, attemptsFrame } from './attempt-fixtures.js';

type Answer = { items: AttemptRow[]; nextCursor: string | null };
const now = Date.UTC(2026, 10, 24, 14, 10, 0);
const empty: Answer = { items: [], nextCursor: null };

/** A feed whose server gives the prepared answers in turn, then nothing. */
function feedOf(...answers: Answer[]) {
  const asked: object[] = [];
  const feed = new AttemptFeed(
    (query) => {
      asked.push(query);
      return Promise.resolve(answers.shift() ?? empty);
    },
    () => now,
  );
  return { feed, asked };
}

const ids = (lines: Iterable<Line>): string[] => [...lines].map((line) => (isGap(line) ? 'gap' : line.id));

describe('AttemptFeed', () => {
  it('starts with what is stored and puts frames of the meantime on top, each once', async () => {
    const [old, seen, fresh] = [attemptRow(), attemptRow(), attemptRow()];
    const { feed } = feedOf({ items: [seen, old], nextCursor: null });
    const started = feed.start();
    feed.receive(attemptsFrame([seen, fresh]));
    await started;
    expect(ids(feed.shown)).toEqual([fresh.id, seen.id, old.id]);
  });

  it('counts exactly what the server counted, also when rows were left out', async () => {
    const { feed } = feedOf();
    await feed.start();
    const row = attemptRow();
    feed.receive(
      attemptsFrame([row], {
        sampled: true,
        counts: { success: 0, failure: 250, challenge: 0, blocked: 0, total: 250 },
      }),
    );
    expect(feed.window.totals(now).failure).toBe(250);
    expect(feed.rate.read(now)).toEqual({ shown: 0.2, total: 50, sampled: true });
  });

  it('stands still while held, counts on, and shows everything when let go', async () => {
    const [first, second] = [attemptRow(), attemptRow({ level: 'high' })];
    const { feed } = feedOf();
    await feed.start();
    feed.receive(attemptsFrame([first]));
    feed.held = true;
    feed.receive(attemptsFrame([second], { sequence: 2 }));
    expect(ids(feed.shown)).toEqual([first.id]);
    expect([feed.newCount, feed.newHighCount]).toEqual([1, 1]);
    feed.held = false;
    expect(ids(feed.shown)).toEqual([second.id, first.id]);
    expect(feed.newCount).toBe(0);
  });

  it('keeps the newest when more came while held than fits', async () => {
    const { feed } = feedOf();
    await feed.start();
    feed.held = true;
    for (let sequence = 1; sequence <= RING_MAX / 50 + 1; sequence += 1) {
      feed.receive(
        attemptsFrame(
          Array.from({ length: 50 }, () => attemptRow()),
          { sequence },
        ),
      );
    }
    feed.held = false;
    expect(feed.shown.size).toBe(RING_MAX);
    expect(feed.shown.at(RING_MAX)).toBeUndefined();
  });

  it('asks the server on a filter and keeps what fits in sight meanwhile', async () => {
    const [failed, signedIn] = [attemptRow(), attemptRow({ outcome: 'success' })];
    const older = attemptRow({ outcome: 'success' });
    const { feed, asked } = feedOf(empty, { items: [signedIn, older], nextCursor: 'more' });
    await feed.start();
    feed.receive(attemptsFrame([failed, signedIn]));
    const changed = feed.setFilters(parseFilters('?outcome=signed-in'));
    expect(ids(feed.shown)).toEqual([signedIn.id]);
    await changed;
    expect(ids(feed.shown)).toEqual([signedIn.id, older.id]);
    expect(asked[1]).toMatchObject({ outcome: 'success' });
    expect(feed.olderLeft).toBe(true);
  });

  it('lets the last of two quick filters win', async () => {
    const { feed } = feedOf(empty, { items: [attemptRow()], nextCursor: null }, empty);
    await feed.start();
    const slow = feed.setFilters(parseFilters('?outcome=failed'));
    const quick = feed.setFilters(parseFilters('?outcome=blocked'));
    await Promise.all([slow, quick]);
    expect(feed.shown.size).toBe(0);
    expect(feed.loading).toBe(false);
  });

  it('notices a missed frame, fetches what was missed and adds it once', async () => {
    const [shown, missed] = [attemptRow(), attemptRow()];
    const { feed } = feedOf(empty, { items: [missed, shown], nextCursor: null });
    await feed.start();
    feed.receive(attemptsFrame([shown]));
    expect(feed.receive(attemptsFrame([], { sequence: 3 }))).toBe(true);
    await expect(feed.catchUp()).resolves.toEqual({ filledIn: 1, complete: true });
    expect(ids(feed.shown)).toEqual([missed.id, shown.id]);
  });

  it('says where attempts are missing when there were too many to fill in', async () => {
    const page = (): Answer => ({ items: [attemptRow()], nextCursor: 'more' });
    const { feed } = feedOf(empty, page(), page(), page(), page(), page());
    await feed.start();
    await expect(feed.catchUp()).resolves.toMatchObject({ filledIn: 5, complete: false });
    expect(ids(feed.shown).at(-1)).toBe('gap');
  });

  it('marks a gap when catching up fails, and never takes not knowing for silence', async () => {
    let fails = false;
    const feed = new AttemptFeed(
      () => (fails ? Promise.reject(new Error('unreachable')) : Promise.resolve(empty)),
      () => now,
    );
    await feed.start();
    feed.receive(attemptsFrame([attemptRow()]));
    fails = true;
    await expect(feed.catchUp()).rejects.toThrow('unreachable');
    expect(ids(feed.shown)[0]).toBe('gap');
  });

  it('counts the same missed attempts once when there are two reasons to catch up', async () => {
    const { feed } = feedOf(empty, {
      items: [attemptRow({ occurredAt: new Date(now).toISOString() })],
      nextCursor: null,
    });
    await feed.start();
    await Promise.all([feed.catchUp(), feed.catchUp()]);
    expect(feed.window.totals(now).total).toBe(1);
  });

  it('shows what the socket brought although loading failed', async () => {
    const feed = new AttemptFeed(
      () => Promise.reject(new Error('unreachable')),
      () => now,
    );
    const started = feed.start();
    const row = attemptRow();
    feed.receive(attemptsFrame([row]));
    await expect(started).rejects.toThrow('unreachable');
    expect(ids(feed.shown)).toEqual([row.id]);
  });

  it('loads older rows below, without doubles', async () => {
    const [newest, oldest] = [attemptRow(), attemptRow()];
    const { feed, asked } = feedOf(
      { items: [newest], nextCursor: null },
      { items: [newest], nextCursor: 'c1' },
      { items: [newest, oldest], nextCursor: null },
    );
    await feed.start();
    await feed.setFilters(parseFilters('?asn=64496'));
    await feed.loadOlder();
    expect(ids(feed.older)).toEqual([oldest.id]);
    expect(asked[2]).toMatchObject({ cursor: 'c1', asn: 64496 });
    expect(feed.olderLeft).toBe(false);
  });
});
