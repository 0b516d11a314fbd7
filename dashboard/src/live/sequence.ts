import type { AttemptsFrame } from '../api/types.js';

/**
 * Watches the numbers of the frames. A number that was skipped means that rows were lost on the way, and the page has
 * to ask for them.
 */
export class FrameSequence {
  #run: string | null = null;
  #last = 0;

  /** @returns whether everything up to this frame has been seen. */
  follow(frame: Pick<AttemptsFrame, 'run' | 'sequence'>): boolean {
    const first = this.#run === null;
    // A worker that starts anew counts from the start; having missed its first frames is as bad as any other gap.
    const complete = first || (frame.run === this.#run ? frame.sequence <= this.#last + 1 : frame.sequence <= 1);
    this.#last = frame.run === this.#run ? Math.max(this.#last, frame.sequence) : frame.sequence;
    this.#run = frame.run;
    return complete;
  }
}
