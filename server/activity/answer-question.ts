import type { DataSource } from 'typeorm';
import { closeConfirmedAlert } from '../alerts/close-confirmed-alert.js';
import type { SignInAnswer, SignInQuestion } from '../contracts/activity.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import { circumstancesThen } from './circumstances-then.js';
import type { ConfirmSignIn } from './confirm-sign-in.js';
import type { DisownSignIn } from './disown-sign-in.js';
import { readOwnAttempt } from './store/read-activity.js';
import { type OpenQuestion, readQuestion, spendQuestion } from './store/sign-in-questions.js';

/**
 * Takes the answer to a mailed "Was this you?" from whoever holds the mail, signed out. It opens no session and shows nothing that the
 * mail did not say: somebody with a stolen mail can at most lock the account.
 */
export class AnswerQuestion {
  constructor(
    private readonly database: DataSource,
    private readonly confirming: ConfirmSignIn,
    private readonly disowning: DisownSignIn,
  ) {}

  /** What is asked; uses nothing up. @throws Refusal `link_invalid` */
  async look(token: string): Promise<SignInQuestion> {
    const question = await readQuestion(this.database, sha256(token));
    const attempt = question && (await readOwnAttempt(this.database, question.personId, question.attemptId));
    if (!attempt) throw new Refusal('link_invalid');
    return {
      ...circumstancesThen(attempt),
      application: attempt.application_name,
      expiresAt: question.expiresAt.toISOString(),
    };
  }

  /** @throws Refusal `link_invalid`, also for all but one of those who answer at once */
  async answer(
    token: string,
    answer: SignInAnswer,
    origin: { ip: string; userAgent: string | undefined },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const question = await spendQuestion(tx, sha256(token));
      if (!question) throw new Refusal('link_invalid');
      const owner = ownerOf(question, origin.ip);
      if (answer === 'not_mine') return this.disowning.disownWithin(tx, owner, question.attemptId, origin);
      await this.confirming.confirmWithin(tx, owner, question.attemptId, origin.ip);
      await closeConfirmedAlert(tx, question.alertId, question.personId);
    });
  }
}

const ownerOf = ({ personId, name, email }: OpenQuestion, ip: string) => ({
  personId,
  name,
  email,
  sessionId: null,
  actor: { kind: 'person', id: personId, name: `${name}, by mail`, ip } as const,
});
