import { randomUUID } from 'node:crypto';
import type { RecordAttempts } from '../attempts/record-attempts.js';
import type { Factor, Outcome } from '../contracts/attempts.js';
import type { Origin } from './open-session.js';

export type AttemptNote = { outcome: Outcome; factor: Factor; reason?: string; sessionId?: string };

/** Records each step of our own sign-in like any application's attempt. */
export class NoteAttempt {
  constructor(
    private readonly recording: RecordAttempts,
    private readonly ownApplicationId: () => Promise<string>,
    private readonly now: () => number,
  ) {}

  async note(subject: string, origin: Origin, note: AttemptNote): Promise<void> {
    await this.recording.record(await this.ownApplicationId(), [
      {
        id: randomUUID(),
        occurredAt: new Date(this.now()).toISOString(),
        subject,
        ip: origin.ip,
        ...note,
        ...(origin.userAgent === undefined ? {} : { userAgent: origin.userAgent.slice(0, 2048) }),
      },
    ]);
  }
}
