import type { RecordResult } from '../contracts/attempts.js';
import { Refusal } from '../platform/errors.js';
import type { Backlog } from './backlog.js';
import { sift } from './domain/accept.js';
import type { RecordAttempts } from './record-attempts.js';

/** Accepted attempts that may wait for scoring; at ten thousand a second, twenty seconds' worth. */
const WAITING_MAX = 200_000;

/** Lets attempts in from outside: as many as scoring can follow, and only records that make sense. */
export class AdmitAttempts {
  constructor(
    private readonly recording: RecordAttempts,
    private readonly backlog: Backlog,
    private readonly now: () => number,
    private readonly retentionDays: number,
  ) {}

  /** @throws Refusal `backlog_full` when scoring is too far behind: then nothing of this call is stored */
  async admit(applicationId: string, records: readonly unknown[]): Promise<RecordResult> {
    if (this.backlog.current.waiting > WAITING_MAX) throw new Refusal('backlog_full', { retryAfter: 5 });
    const { accepted, rejected } = sift(records, this.now(), this.retentionDays);
    return { ...(await this.recording.record(applicationId, accepted)), rejected };
  }
}
