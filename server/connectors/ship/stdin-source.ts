import { setTimeout as delay } from 'node:timers/promises';
import type { Reading, Source } from './source.js';

/** Reads a stream once. Without bytes for `pollMs` it reports idle, so that what was read is sent. */
export class StdinSource implements Source {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private next: Promise<IteratorResult<Uint8Array>> | null = null;

  constructor(
    stream: AsyncIterable<Uint8Array>,
    private readonly pollMs: number,
  ) {
    this.iterator = stream[Symbol.asyncIterator]();
  }

  async read(): Promise<Reading> {
    this.next ??= this.iterator.next();
    const timer = new AbortController();
    const idle = delay(this.pollMs, null, { signal: timer.signal }).catch(() => null);
    const result = await Promise.race([this.next, idle]);
    timer.abort();
    if (!result) return { kind: 'idle' };
    this.next = null;
    return result.done ? { kind: 'end' } : { kind: 'bytes', bytes: result.value };
  }

  mark(): Promise<null> {
    return Promise.resolve(null);
  }

  mayGrow(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async close(): Promise<void> {
    // A stream that still owes bytes would keep the process waiting for them.
    if (this.next === null) await this.iterator.return?.();
  }
}
