import { Ring } from '../../../dashboard/src/live/ring.js';

const filled = (capacity: number, ...items: number[]): Ring<number> => {
  const ring = new Ring<number>(capacity);
  items.forEach((item) => ring.push(item, item * 10));
  return ring;
};

describe('Ring', () => {
  it('reads newest first and forgets the oldest', () => {
    const ring = filled(3, 1, 2, 3, 4);
    expect([...ring]).toEqual([4, 3, 2]);
    expect(ring.trimmed).toBe(1);
    expect(ring.at(3)).toBeUndefined();
    expect(ring.at(-1)).toBeUndefined();
  });

  it('knows when each item arrived', () => {
    const ring = filled(2, 1, 2, 3);
    expect(ring.arrivedAt(0)).toBe(30);
    expect(ring.arrivedAt(1)).toBe(20);
    expect(ring.arrivedAt(2)).toBe(0);
  });

  it('drains into another in the order of arrival', () => {
    const target = filled(4, 1, 2);
    const source = filled(3, 3, 4, 5);
    source.drainInto(target);
    expect([...target]).toEqual([5, 4, 3, 2]);
    expect(target.arrivedAt(0)).toBe(50);
    expect(source.size).toBe(0);
  });
});
