import { FrameSequence } from '../../../dashboard/src/live/sequence.js';

describe('FrameSequence', () => {
  const follow = (...frames: [string, number][]): boolean[] => {
    const sequence = new FrameSequence();
    return frames.map(([run, number]) => sequence.follow({ run, sequence: number }));
  };

  it('takes the first frame as it comes and notices a skipped number', () => {
    expect(follow(['a', 7], ['a', 8], ['a', 10], ['a', 11])).toEqual([true, true, false, true]);
  });

  it('accepts a worker that starts anew, unless its first frames were missed', () => {
    expect(follow(['a', 7], ['b', 1], ['b', 2])).toEqual([true, true, true]);
    expect(follow(['a', 7], ['b', 3])).toEqual([true, false]);
  });
});
