/** Digits of the number that makes an id unique. */
const ID_DIGITS = 10;
const INSTANT = '2000-01-01T00:00:00.000Z';

/** Numbers attempts of a run, so that no id comes twice. */
export class Numbers {
  #last = 0;
  next() {
    return (this.#last += 1);
  }
}

/**
 * A request body of attempts, made once and sent many times: before each sending only ids and times are written over, as a
 * generator that made every line anew would take a good part of the processor it measures with.
 */
export class Body {
  /**
   * @param {() => Record<string, unknown>} nextAttempt
   * @param {number} lines 1 gives a JSON object, more give NDJSON
   * @param {{ clock: import('./source-clock.mjs').SourceClock, numbers: Numbers }} from
   */
  constructor(nextAttempt, lines, { clock, numbers }) {
    this.lines = lines;
    this.clock = clock;
    this.numbers = numbers;
    const texts = Array.from({ length: lines }, () => {
      const id = `bench-${'0'.repeat(ID_DIGITS)}`;
      return JSON.stringify({ id, occurredAt: INSTANT, ...nextAttempt() });
    });
    this.bytes = Buffer.from(`${texts.join('\n')}${lines > 1 ? '\n' : ''}`);
    this.starts = [];
    for (let at = 0; this.starts.length < lines; at = this.bytes.indexOf('\n', at) + 1) this.starts.push(at);
  }

  /** Gives every attempt a new id and the next time. */
  renew() {
    for (const start of this.starts) {
      const number = String(this.numbers.next()).padStart(ID_DIGITS, '0');
      this.bytes.latin1Write(number, start + ID_AT);
      this.bytes.latin1Write(new Date(this.clock.next()).toISOString(), start + INSTANT_AT);
    }
    return this.bytes;
  }
}

/** Where, in a line, the digits of the id and the time begin. */
const ID_AT = '{"id":"bench-'.length;
const INSTANT_AT = ID_AT + ID_DIGITS + '","occurredAt":"'.length;
