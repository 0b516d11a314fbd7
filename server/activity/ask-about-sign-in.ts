import type { EntityManager } from 'typeorm';
import { QUESTION_HOURS } from '../contracts/activity.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { circumstancesThen } from './circumstances-then.js';
import { readOwnAttempt } from './store/read-activity.js';
import { type Doubtful, doubtfulSignIns, keepQuestion } from './store/sign-in-questions.js';

/** "Was this you?", by mail to the person whose sign-in an alert doubts. */
export class AskAboutSignIn {
  constructor(private readonly notifications: NotifyPerson) {}

  /** Asks in the transaction that raises the alerts, so that neither comes without the other; once for each alert. */
  async ask(tx: EntityManager, alertIds: readonly string[]): Promise<void> {
    if (alertIds.length === 0) return;
    for (const doubtful of await doubtfulSignIns(tx, alertIds)) await this.askOne(tx, doubtful);
  }

  private async askOne(tx: EntityManager, doubtful: Doubtful): Promise<void> {
    const { alertId, personId, attemptId } = doubtful;
    const attempt = await readOwnAttempt(tx, personId, attemptId);
    if (!attempt) return;
    const token = randomToken();
    const lifeSeconds = QUESTION_HOURS * 3_600;
    if (!(await keepQuestion(tx, { ...doubtful, tokenHash: sha256(token), lifeSeconds }))) return;
    await this.notifications.notify(tx, personId, {
      kind: 'was_this_you',
      payload: {
        circumstances: circumstancesThen(attempt),
        application: attempt.application_name,
        hours: QUESTION_HOURS,
      },
      secret: token,
      dedupKey: `was_this_you:${alertId}`,
      expiresInSeconds: lifeSeconds,
    });
  }
}
