import { BUCKETS, BUCKET_MS, RateWindow } from '../../../dashboard/src/live/rate-window.js';

const now = Date.UTC(2026, 10, 24, 14, 10, 2);
const counts = (over: object = {}) => ({ success: 0, failure: 0, challenge: 0, blocked: 0, ...over });

describe('RateWindow', () => {
  it('puts counts of the same five seconds into one bar, the newest last', () => {
    const window = new RateWindow();
    window.add(now, counts({ failure: 3, success: 1 }), 0);
    window.add(now + 500, counts({ blocked: 2 }), 0);
    const bars = window.bars(now);
    expect(bars).toHaveLength(BUCKETS);
    expect(bars.at(-1)).toMatchObject({ known: true, failed: 5, other: 1, critical: 0 });
  });

  it('draws a critical attempt once, as critical', () => {
    const window = new RateWindow();
    window.add(now, counts({ success: 1, failure: 1 }), 2);
    expect(window.bars(now).at(-1)).toMatchObject({ failed: 0, other: 0, critical: 2 });
  });

  it('tells silence from not knowing', () => {
    const window = new RateWindow();
    window.markKnown(now - 4 * BUCKET_MS, now);
    const known = window.bars(now).map((bar) => bar.known);
    expect(known.filter(Boolean)).toHaveLength(5);
    expect(known[0]).toBe(false);
  });

  it('lets counts fall out after ten minutes and ignores later news about that time', () => {
    const window = new RateWindow();
    window.add(now, counts({ failure: 7 }), 0);
    expect(window.totals(now)).toMatchObject({ failure: 7, total: 7 });
    const later = now + BUCKETS * BUCKET_MS;
    window.add(later, counts({ success: 1 }), 0);
    window.add(now, counts({ failure: 1 }), 0);
    expect(window.totals(later)).toEqual({ ...counts({ success: 1 }), total: 1 });
  });
});
