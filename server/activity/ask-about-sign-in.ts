import type { EntityManager } from 'typeorm';
import { QUESTION_HOURS } from '../contracts/activity.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { circumstancesThen } from './circumstances-then.js';
import { readOwnAttempt } from './store/read-activity.js';
import type { Queryable } from '../platform/database/data-source.js';
import { type Doubtful, doubtfulSignIns, keepQuestion, readAsked } from './store/sign-in-questions.js';

const QUESTION_SECONDS = QUESTION_HOURS * 3_600;

/** "Was this you?", by mail to the person whose sign-in an alert doubts. */
export class AskAboutSignIn {
  constructor(private readonly notifications: NotifyPerson) {}

  /** Asks in the transaction that raises the alerts, so that neither comes without the other; once for each alert. */
  async ask(tx: EntityManager, alertIds: readonly string[]): Promise<void> {
    if (alertIds.length === 0) return;
    for (const doubtful of await doubtfulSignIns(tx, alertIds)) await this.askOne(tx, doubtful, false);
  }

  /** Asks now, as somebody wants it: the link of an earlier mail stops working. @returns false where it can't be asked any more */
  askAgain(tx: EntityManager, doubtful: Doubtful): Promise<boolean> {
    return this.askOne(tx, doubtful, true);
  }

  private async askOne(tx: EntityManager, doubtful: Doubtful, again: boolean): Promise<boolean> {
    const { alertId, personId, attemptId } = doubtful;
    const attempt = await readOwnAttempt(tx, personId, attemptId);
    if (!attempt) return false;
    const token = randomToken();
    const tokenHash = sha256(token);
    if (!(await keepQuestion(tx, { ...doubtful, tokenHash, lifeSeconds: QUESTION_SECONDS }, again))) return false;
    await this.notifications.notify(tx, personId, {
      kind: 'was_this_you',
      payload: {
        circumstances: circumstancesThen(attempt),
        application: attempt.application_name,
        hours: QUESTION_HOURS,
      },
      secret: token,
      dedupKey: again ? `was_this_you:${alertId}:${tokenHash.toString('hex').slice(0, 16)}` : `was_this_you:${alertId}`,
      expiresInSeconds: QUESTION_SECONDS,
    });
    return true;
  }
}

/** When the person of an alert was last asked about it, how many seconds ago, and what they said; undefined where they were not. */
export const askedAbout = (
  database: Queryable,
  alertId: string,
): Promise<{ askedAt: Date; answer: 'mine' | 'not_mine' | null; seconds: number } | undefined> =>
  readAsked(database, alertId, QUESTION_SECONDS);
