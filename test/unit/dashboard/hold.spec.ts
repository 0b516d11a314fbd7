import { Hold } from '../../../dashboard/src/live/hold.js';

describe('Hold', () => {
  it('stays until the last reason is gone and reports only real changes', () => {
    const hold = new Hold();
    expect(hold.set('hover', true)).toBe(true);
    expect(hold.set('scroll', true)).toBe(false);
    expect(hold.set('hover', false)).toBe(false);
    expect(hold.set('scroll', false)).toBe(true);
    expect(hold.held).toBe(false);
  });

  it('lifts a deliberate pause only on going live', () => {
    const hold = new Hold();
    hold.set('pause', true);
    hold.set('open', true);
    expect(hold.release(false)).toBe(false);
    expect(hold.held).toBe(true);
    expect(hold.has('open')).toBe(false);
    expect(hold.release(true)).toBe(true);
    expect(hold.held).toBe(false);
  });
});
