import { hash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { NewAttempt } from '../contracts/attempts.js';
import { uuidAt } from '../platform/clock.js';
import { withConnection } from '../platform/database/data-source.js';
import { Refusal } from '../platform/errors.js';
import { identityOf } from './domain/attempt-key.js';
import { type AcceptedAttempt, acceptAttempt, packAttempts } from './domain/packed-attempts.js';
import { putIntoInbox } from './inbox.js';

/** Most attempts in one commit; a larger queue is written in several. */
const FLUSH_MAX = 5_000;
/** Most attempts held in memory for a commit; beyond it the sender is asked to come back. */
const HELD_MAX = 25_000;
/** Commits on their way at once: the next is prepared while one waits for the disk. */
const FLUSHES_MAX = 2;

type Keyed = { key: string; attempt: AcceptedAttempt };
type Waiting = { keyed: Keyed[]; resolve: (counts: RecordCounts) => void; reject: (error: unknown) => void };
export type RecordCounts = { recorded: number; duplicates: number };

/**
 * Puts attempts into the inbox, durably, before anyone judges them. Calls that arrive while a commit is on its way share the
 * next one: alone a call waits for nothing, under load a hundred share one disk write. Each answer comes after its commit.
 */
export class RecordAttempts {
  private queue: Waiting[] = [];
  private held = 0;
  private flushes = 0;

  constructor(
    private readonly database: DataSource,
    private readonly now: () => number,
    /** Called after each commit, to wake scoring. */
    private readonly onRecorded: (attempts: number) => void,
  ) {}

  /**
   * Records attempts of one application.
   * @returns how many are new; the others were recorded before
   * @throws Refusal `backlog_full` when too many wait for the disk; nothing of this call is stored then
   */
  record(applicationId: string, attempts: readonly NewAttempt[]): Promise<RecordCounts> {
    if (attempts.length === 0) return Promise.resolve({ recorded: 0, duplicates: 0 });
    if (this.held + attempts.length > HELD_MAX) throw new Refusal('backlog_full', { retryAfter: 1 });
    this.held += attempts.length;
    const receivedAt = this.now();
    const keyed = attempts.map((attempt) => toKeyed(applicationId, attempt, receivedAt));
    return new Promise((resolve, reject) => {
      this.queue.push({ keyed, resolve, reject });
      this.flushNext();
    });
  }

  private flushNext(): void {
    if (this.flushes >= FLUSHES_MAX || this.queue.length === 0) return;
    const calls = this.takeCalls();
    this.flushes += 1;
    void this.flush(calls).finally(() => {
      this.flushes -= 1;
      this.held -= calls.reduce((sum, call) => sum + call.keyed.length, 0);
      this.flushNext();
    });
  }

  private takeCalls(): Waiting[] {
    let attempts = 0;
    const cut = this.queue.findIndex((call, index) => (attempts += call.keyed.length) > FLUSH_MAX && index > 0);
    return this.queue.splice(0, cut === -1 ? this.queue.length : cut);
  }

  private async flush(calls: readonly Waiting[]): Promise<void> {
    try {
      const byKey = new Map<string, AcceptedAttempt>();
      for (const { keyed } of calls) for (const { key, attempt } of keyed) if (!byKey.has(key)) byKey.set(key, attempt);
      const keys = [...byKey.keys()];
      const payload = packAttempts([...byKey.values()]);
      const known = await withConnection(this.database, (client) => putIntoInbox(client, keys, payload));
      answer(calls, new Set(known.map((position) => keys[position] as string)));
      if (known.length < keys.length) this.onRecorded(keys.length - known.length);
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
  }
}

/** Tells each call what became of it; of one identity sent twice in a flush, the first is the recorded one. */
function answer(calls: readonly Waiting[], duplicates: Set<string>): void {
  const seen = duplicates;
  for (const { keyed, resolve } of calls) {
    let recorded = 0;
    for (const { key } of keyed) {
      if (seen.has(key)) continue;
      seen.add(key);
      recorded += 1;
    }
    resolve({ recorded, duplicates: keyed.length - recorded });
  }
}

function toKeyed(applicationId: string, record: NewAttempt, receivedAt: number): Keyed {
  const key = hash('sha256', identityOf(applicationId, record)).slice(0, 32);
  const occurredAt = Date.parse(record.occurredAt);
  const attemptId = uuidAt(occurredAt);
  return { key, attempt: acceptAttempt(record, { attemptId, applicationId, occurredAt, receivedAt }) };
}
