import { setTimeout as delay } from 'node:timers/promises';
import { recordResult, type RecordResult } from '../../contracts/attempts.js';
import { reasonOf, ShipError, type ShipPlan } from './options.js';

/** Below the API's limits (5,000 lines, 5 MiB), so that a batch is one quick transaction. */
export const BATCH_LINES = 2_000;
export const BATCH_BYTES = 4_000_000;

const TIMEOUT_MS = 30_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A server that asks for more than this is asked again anyway. */
const LONGEST_RETRY_AFTER_MS = 300_000;

export type Counts = { recorded: number; duplicates: number; rejected: number };

/** The person stopped the shipping while something was on its way. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface SenderDeps {
  fetch: typeof fetch;
  now: () => number;
  random: () => number;
  signal: AbortSignal;
  onNotice: (sentence: string) => void;
}

type Answer =
  | { kind: 'taken'; result: RecordResult }
  | { kind: 'too_large' }
  | { kind: 'later'; why: string; afterMs: number | null };

/** Sends records to Gatehouse and does not return before they are stored there. */
export class Sender {
  private readonly told = new Set<string>();

  constructor(
    private readonly plan: Pick<ShipPlan, 'endpoint' | 'key' | 'patienceMs'>,
    private readonly deps: SenderDeps,
  ) {}

  /** Sends rows (one JSON record each) in as many batches as the limits ask for. */
  async send(rows: readonly string[], onBatch: (counts: Counts) => void): Promise<void> {
    let start = 0;
    while (start < rows.length) {
      let end = start;
      let bytes = 0;
      while (end < rows.length && end - start < BATCH_LINES) {
        bytes += Buffer.byteLength(rows[end] ?? '') + 1;
        if (bytes > BATCH_BYTES && end > start) break;
        end += 1;
      }
      await this.sendBatch(rows.slice(start, end), onBatch);
      start = end;
    }
  }

  private async sendBatch(rows: string[], onBatch: (counts: Counts) => void): Promise<void> {
    const answer = await this.untilAnswered(`${rows.join('\n')}\n`);
    if (answer) {
      this.tellRejections(answer);
      const { recorded, duplicates, rejected } = answer;
      onBatch({ recorded, duplicates, rejected: rejected.length });
      return;
    }
    if (rows.length === 1) {
      this.tell('too_large', 'A record was refused because it is too large.');
      onBatch({ recorded: 0, duplicates: 0, rejected: 1 });
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await this.sendBatch(rows.slice(0, half), onBatch);
    await this.sendBatch(rows.slice(half), onBatch);
  }

  /** The server's result, or null when the batch is too large for it. */
  private async untilAnswered(body: string): Promise<RecordResult | null> {
    const since = this.deps.now();
    for (let failures = 0; ; failures += 1) {
      const answer = await this.post(body);
      if (answer.kind === 'taken') return answer.result;
      if (answer.kind === 'too_large') return null;
      if (this.deps.now() - since >= this.plan.patienceMs)
        throw new ShipError(`Gave up: ${answer.why}. What was not sent is sent by the next run.`);
      if (failures === 0) this.deps.onNotice(`Trying again: ${answer.why}.`);
      await this.wait(answer.afterMs ?? this.backOff(failures));
    }
  }

  private backOff(failures: number): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    // Half fixed, half random: many shippers must not return in step after an outage.
    return (longest * (1 + this.deps.random())) / 2;
  }

  private async wait(ms: number): Promise<void> {
    const { signal } = this.deps;
    await pause(ms, signal);
    if (signal.aborted) throw new Stopped();
  }

  private async post(body: string): Promise<Answer> {
    const { signal } = this.deps;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await this.deps.fetch(this.plan.endpoint, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.plan.key}`,
          'content-type': 'application/x-ndjson',
          'user-agent': 'gatehouse-ship',
        },
        body,
        // The key is for this address alone.
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
      });
      return this.understand(response.status, response.headers, await response.text());
    } catch (error) {
      if (error instanceof ShipError) throw error;
      if (signal.aborted) throw new Stopped();
      const cause = error instanceof Error && error.cause ? error.cause : error;
      const host = this.plan.endpoint.host;
      return { kind: 'later', why: `${host} did not answer (${reasonOf(cause)})`, afterMs: null };
    }
  }

  private understand(status: number, headers: Headers, text: string): Answer {
    const { host } = this.plan.endpoint;
    if (status === 413) return { kind: 'too_large' };
    if (status === 408 || status === 425 || status === 429 || status >= 500)
      return {
        kind: 'later',
        why: `${host} answered ${status}`,
        afterMs: readRetryAfter(headers.get('retry-after'), this.deps.now()),
      };
    if (status === 401) throw new ShipError(`${host} does not know this key: it may be mistyped, revoked or expired.`);
    if (status === 403) throw new ShipError('This key may not record attempts: it needs the scope attempts:write.');
    const result = status === 200 || status === 202 ? parseResult(text) : null;
    if (result) return { kind: 'taken', result };
    throw new ShipError(`${this.plan.endpoint.href} answered ${status} in a way Gatehouse does not: check --url.`);
  }

  private tellRejections(result: RecordResult): void {
    for (const { code, message } of result.rejected) this.tell(code, `Records were refused (${code}): ${message}`);
  }

  /** Each kind of trouble is told once: thousands of old lines would say the same. */
  private tell(kind: string, sentence: string): void {
    if (this.told.has(kind)) return;
    this.told.add(kind);
    this.deps.onNotice(sentence);
  }
}

/** Milliseconds that `Retry-After` (seconds or a date) asks to wait; null when it asks nothing. */
export function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}

/** Waits, or ends at once when the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function parseResult(text: string): RecordResult | null {
  try {
    return recordResult.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
