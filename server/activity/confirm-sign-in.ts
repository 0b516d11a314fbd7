import type { DataSource } from 'typeorm';
import type { ActivityRow } from '../contracts/activity.js';
import { noteOnAlerts } from '../alerts/note-on-alerts.js';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { teachByAnswer } from '../detection/keep-lessons.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import { toActivityRow } from './activity-view.js';
import { readOwnAttempt } from './store/read-activity.js';
import { keepOwn } from './store/sign-in-answers.js';

/** "This was me": kept for good, learnt, and written on the alerts about it, which stay with those who triage them. */
export class ConfirmSignIn {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `not_found` for what is no sign-in of this person, `conflict` when it was disowned before */
  async confirm(caller: PersonCaller, attemptId: string, ip: string): Promise<ActivityRow> {
    const { personId, sessionId } = caller;
    const attempt = await readOwnAttempt(this.database, personId, attemptId);
    if (attempt?.outcome !== 'success') throw new Refusal('not_found');
    await this.database.transaction(async (tx) => {
      if (!(await keepOwn(tx, { attemptId, personId, application: attempt.application_name }))) return;
      await teachByAnswer(tx, { attemptId, personId, genuine: true });
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'sign_in.confirmed',
        target: { kind: 'attempt', id: attemptId },
        detail: { application: attempt.application_name },
        ip,
      });
      await noteOnAlerts(tx, attemptId, { kind: 'confirmed', personId });
    });
    const answered = await readOwnAttempt(this.database, personId, attemptId);
    if (answered?.answer !== 'mine') throw new Refusal('conflict');
    return toActivityRow(answered, sessionId);
  }
}
