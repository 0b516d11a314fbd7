import { randomUUID } from 'node:crypto';
import type { RecordAttempts } from '../attempts/record-attempts.js';
import type { Factor, Outcome } from '../contracts/attempts.js';
import { clippedUserAgent, type Origin } from './open-session.js';

export type AttemptNote = {
  outcome: Outcome;
  factor: Factor;
  reason?: string | undefined;
  sessionId?: string;
  /** What was decided before it, and learns its outcome. */
  assessmentId?: string | null | undefined;
};

/** Records each step of our own sign-in like any application's attempt. */
export class NoteAttempt {
  constructor(
    private readonly recording: RecordAttempts,
    private readonly ownApplicationId: () => Promise<string>,
    private readonly now: () => number,
  ) {}

  async note(subject: string, origin: Origin, { reason, assessmentId, ...note }: AttemptNote): Promise<void> {
    await this.recording.record(await this.ownApplicationId(), [
      {
        id: randomUUID(),
        occurredAt: new Date(this.now()).toISOString(),
        subject,
        ip: origin.ip,
        ...note,
        ...clippedUserAgent(origin.userAgent),
        ...(reason === undefined ? {} : { reason }),
        ...(assessmentId === undefined || assessmentId === null ? {} : { assessmentId }),
      },
    ]);
  }
}
