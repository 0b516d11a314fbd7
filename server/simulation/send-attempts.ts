import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { recordResult, type NewAttempt, type RecordResult } from '../contracts/attempts.js';
import { peopleResult, type NewPerson } from '../contracts/people.js';
import { MINUTE, SECOND } from './domain/calendar.js';

/** Waits, or rejects with the signal's reason when that comes first. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;
export const sleepFor: Sleep = async (milliseconds, signal) => {
  await delay(milliseconds, undefined, { signal });
};

/** The server said no in a way that trying again can't change, e.g. because the key was revoked. */
export class SendingRefused extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
    detail: string,
  ) {
    super(detail);
    this.name = 'SendingRefused';
  }
}

export type SenderOptions = {
  /** Where the server listens, e.g. `http://127.0.0.1:3000`. */
  url: string;
  signal: AbortSignal;
  fetch?: typeof fetch;
  sleep?: Sleep;
};

type Request = { path: string; key: string; type: string; body: string };

/** First and longest wait between tries when the server doesn't say how long to wait. */
const BACK_OFF_MS = SECOND;
const BACK_OFF_MAX_MS = 30 * SECOND;
/** Longest obedience to a Retry-After: beyond it the server is asked again anyway. */
const RETRY_AFTER_MAX_MS = 5 * MINUTE;
/** One request may take this long; the server answers after the commit, so seconds mean that something is stuck. */
const REQUEST_TIMEOUT_MS = 60 * SECOND;
/** Server errors that may pass, and how many in a row are borne before the run gives up. */
const SERVER_ERRORS_MAX = 8;

const problem = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() });

/**
 * Sends to the public API as any application does. Whatever may pass is tried again: a full backlog, a restart, a broken
 * connection. Sending a batch twice is harmless, as every attempt carries its id.
 */
export class AttemptSender {
  private readonly fetch: typeof fetch;
  private readonly sleep: Sleep;

  constructor(private readonly options: SenderOptions) {
    this.fetch = options.fetch ?? fetch;
    this.sleep = options.sleep ?? sleepFor;
  }

  async people(key: string, batch: readonly NewPerson[]): Promise<{ created: number; updated: number }> {
    const body = JSON.stringify(batch);
    return peopleResult.parse(await this.send({ path: '/api/v1/people', key, type: 'application/json', body }));
  }

  async attempts(key: string, batch: readonly NewAttempt[]): Promise<RecordResult> {
    const body = batch.map((attempt) => JSON.stringify(attempt)).join('\n');
    return recordResult.parse(await this.send({ path: '/api/v1/attempts', key, type: 'application/x-ndjson', body }));
  }

  private async send(request: Request): Promise<unknown> {
    let wait = BACK_OFF_MS;
    for (let serverErrors = 0; ;) {
      const answer = await this.tryOnce(request);
      if (answer?.ok) return answer.json();
      if (answer && !mayPass(answer.status)) throw await refusalOf(answer);
      if (answer?.status === 500 && ++serverErrors >= SERVER_ERRORS_MAX) throw await refusalOf(answer);
      const asked = retryAfterOf(answer);
      await answer?.body?.cancel();
      await this.sleep(asked ?? wait, this.options.signal);
      wait = Math.min(wait * 2, BACK_OFF_MAX_MS);
    }
  }

  /** Undefined where no answer came at all; an abort by the owner is passed on. */
  private async tryOnce({ path, key, type, body }: Request): Promise<Response | undefined> {
    const { url, signal } = this.options;
    signal.throwIfAborted();
    // Not AbortSignal.any: on Node 20 every composed signal stays with its source, and this runs for weeks.
    const ending = new AbortController();
    const stop = (): void => ending.abort();
    const timer = setTimeout(stop, REQUEST_TIMEOUT_MS);
    signal.addEventListener('abort', stop);
    try {
      const headers = { authorization: `Bearer ${key}`, 'content-type': type };
      return await this.fetch(new URL(path, url), { method: 'POST', headers, body, signal: ending.signal });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TypeError || ending.signal.aborted) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }
}

const mayPass = (status: number): boolean => status === 429 || status === 408 || status >= 500;

/** Retry-After in milliseconds; only its form in seconds is understood, which is the one this API uses. */
function retryAfterOf(answer: Response | undefined): number | undefined {
  const header = answer?.headers.get('retry-after');
  const seconds = header === null || header === undefined || header === '' ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * SECOND, RETRY_AFTER_MAX_MS) : undefined;
}

async function refusalOf(answer: Response): Promise<SendingRefused> {
  const text = await answer.text();
  const parsed = problem.safeParse(jsonOrNull(text));
  if (!parsed.success) return new SendingRefused(answer.status, null, `The server answered ${answer.status}.`);
  const { code, title, detail } = parsed.data;
  return new SendingRefused(answer.status, code, detail ?? title);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page, say: the status then has to be enough.
    return null;
  }
}
