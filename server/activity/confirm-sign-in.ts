import type { DataSource, EntityManager } from 'typeorm';
import type { ActivityRow } from '../contracts/activity.js';
import { noteOnAlerts } from '../alerts/note-on-alerts.js';
import { actorOf } from '../audit/actor-of.js';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import { teachByAnswer } from '../detection/keep-lessons.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import { forgetNovelties } from '../sessions/forget-novelties.js';
import { toActivityRow } from './activity-view.js';
import { isAnswerable, readOwnAttempt } from './store/read-activity.js';
import { keepOwn } from './store/sign-in-answers.js';

/** "This was me": kept for good, learnt, and written on the alerts about it, which stay with those who triage them. */
export class ConfirmSignIn {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `not_found` for what is no sign-in of this person or try with their password, `conflict` when it was disowned before or is the very session that asks */
  async confirm(caller: PersonCaller, attemptId: string, ip: string): Promise<ActivityRow> {
    const { personId, sessionId } = caller;
    const by = { personId, actor: actorOf(caller), sessionId };
    await this.database.transaction((tx) => this.confirmWithin(tx, by, attemptId, ip));
    const answered = await readOwnAttempt(this.database, personId, attemptId);
    if (answered?.answer !== 'mine') throw new Refusal('conflict');
    return toActivityRow(answered, sessionId);
  }

  /** The same inside a transaction of the caller; does nothing when the sign-in was answered before. @throws Refusal `not_found` */
  async confirmWithin(
    tx: EntityManager,
    { personId, actor, sessionId }: { personId: string; actor: Actor; sessionId: string | null },
    attemptId: string,
    ip: string,
  ): Promise<void> {
    const attempt = await readOwnAttempt(tx, personId, attemptId);
    if (!attempt || !isAnswerable(attempt)) throw new Refusal('not_found');
    // An intruder would silence the question about themselves.
    if (attempt.session_id !== null && attempt.session_id === sessionId)
      throw new Refusal('conflict', { detail: 'That is the session you are using.' });
    const { application_name: application } = attempt;
    if (!(await keepOwn(tx, { attemptId, personId, application }))) return;
    if (attempt.outcome === 'success') await teachByAnswer(tx, { attemptId, personId, genuine: true });
    await this.audit.append(tx, {
      actor,
      action: 'sign_in.confirmed',
      target: { kind: 'attempt', id: attemptId },
      detail: { application },
      ip,
    });
    if (attempt.session_id !== null) await forgetNovelties(tx, attempt.session_id);
    await noteOnAlerts(tx, attemptId, { kind: 'confirmed', personId });
    await notify(tx, 'account_changed', { personId, what: 'answers' });
  }
}
