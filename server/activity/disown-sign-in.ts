import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { noteOnAlerts } from '../alerts/note-on-alerts.js';
import { raiseDisownedAlert } from '../alerts/raise-disowned-alert.js';
import { actorOf } from '../audit/actor-of.js';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import type { LockDown } from '../contracts/activity.js';
import { teachByAnswer } from '../detection/keep-lessons.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Revoke, RevokeRequest } from '../sessions/revoke.js';
import { circumstancesThen } from './circumstances-then.js';
import { shutOut } from './shut-out.js';
import { type ActivityRecord, isAnswerable, readOwnAttempt } from './store/read-activity.js';
import { keepDisowned, keepFactorsChecked, readLockDown } from './store/sign-in-answers.js';

type Origin = { ip: string; userAgent: string | undefined };
/** Who says so, and the session that stays because it asks; by mail there is none. */
type Owner = { personId: string; name: string; email: string; sessionId: string | null; actor: Actor };
type Parts = {
  database: DataSource;
  revocations: Revoke;
  notifications: NotifyPerson;
  audit: AppendAudit;
  now: () => number;
};

/** "This wasn't me": everything that locks an intruder out, in one transaction, so that no closed browser leaves half of it. */
export class DisownSignIn {
  constructor(private readonly parts: Parts) {}

  /**
   * Ends the session of that sign-in and all others but the asking one, forgets which devices were trusted, demands a new password
   * before anything else, and tells the person, the manager and security. Said by mail it also voids the password: a mailed link sets
   * the next one. Saying it twice does nothing more.
   * @throws Refusal `not_found` for what is no sign-in of this person or try with their password, `conflict` for that of the very session that asks
   */
  async disown(caller: PersonCaller, attemptId: string, origin: Origin): Promise<LockDown> {
    const { personId, name, email, sessionId } = caller;
    const owner = { personId, name, email, sessionId, actor: actorOf(caller) };
    await this.parts.database.transaction((tx) => this.disownWithin(tx, owner, attemptId, origin));
    const done = await this.read(caller.personId, attemptId);
    if (!done) throw new Refusal('not_found');
    return done;
  }

  /** The same inside a transaction of the caller. */
  async disownWithin(tx: EntityManager, owner: Owner, attemptId: string, origin: Origin): Promise<void> {
    // Locked, so that of two clicks at once one waits and finds it done.
    await tx.query('SELECT FROM people WHERE id = $1 FOR UPDATE', [owner.personId]);
    const attempt = await readOwnAttempt(tx, owner.personId, attemptId);
    if (!attempt || !isAnswerable(attempt)) throw new Refusal('not_found');
    if (attempt.session_id !== null && attempt.session_id === owner.sessionId)
      throw new Refusal('conflict', { detail: 'That is the session you are using.' });
    if (attempt.answer !== 'not_mine') await this.lockDown(tx, owner, attempt, origin);
  }

  /** The newest lock-down, for whoever comes back to it. */
  async state(personId: string): Promise<LockDown | null> {
    return (await this.read(personId)) ?? null;
  }

  /** "These are all mine": the last step of a lock-down, said after the factors were looked at. */
  async confirmFactors(personId: string): Promise<LockDown | null> {
    await this.parts.database.transaction(async (tx) => {
      await keepFactorsChecked(tx, personId);
      await notify(tx, 'account_changed', { personId, what: 'answers' });
    });
    return this.state(personId);
  }

  private async read(personId: string, attemptId?: string): Promise<LockDown | undefined> {
    const { database } = this.parts;
    const done = await readLockDown(database, personId, attemptId);
    const attempt = done && (await readOwnAttempt(database, personId, done.attemptId));
    return done && { ...done, byBackupCode: attempt?.factor === 'backup_code' && attempt.outcome === 'success' };
  }

  private async lockDown(tx: EntityManager, owner: Owner, attempt: ActivityRecord, origin: Origin): Promise<void> {
    const { personId } = owner;
    const session = await this.endSessionOf(tx, owner, attempt, origin);
    const { sessions: others, distrusted } = await shutOut(
      tx,
      this.parts.revocations,
      { personId, exceptSessionId: owner.sessionId },
      requestOf(owner, origin),
    );
    const alertId = await raiseDisownedAlert(tx, attempt, { id: personId, name: owner.name });
    await noteOnAlerts(tx, attempt.id, { kind: 'disowned', personId });
    const managerTold = await this.tell(tx, owner, attempt, alertId, origin);
    await keepDisowned(tx, {
      attemptId: attempt.id,
      personId,
      application: attempt.application_name,
      session,
      otherSessions: others,
      distrusted,
      managerTold,
    });
    // What never got in was never learnt.
    if (attempt.outcome === 'success') await teachByAnswer(tx, { attemptId: attempt.id, personId, genuine: false });
    await this.parts.audit.append(tx, {
      actor: owner.actor,
      action: 'sign_in.disowned',
      target: { kind: 'attempt', id: attempt.id },
      detail: { application: attempt.application_name, session, otherSessions: others, distrusted, alertId },
      ip: origin.ip,
    });
    await notify(tx, 'people_changed', {});
    await notify(tx, 'account_changed', { personId, what: 'answers' });
  }

  private async endSessionOf(
    tx: EntityManager,
    owner: Owner,
    { outcome, session_id: sessionId, session_ended_at: endedAt }: ActivityRecord,
    origin: Origin,
  ): Promise<LockDown['session']> {
    if (outcome !== 'success') return 'none';
    if (sessionId === null) return 'elsewhere';
    if (endedAt !== null) return 'ended_before';
    const select = { sessionId, personId: owner.personId };
    const revocation = await this.parts.revocations.revokeWithin(tx, { ...requestOf(owner, origin), select });
    return revocation ? 'ended' : 'ended_before';
  }

  /** @returns whether there is a manager to tell */
  private async tell(
    tx: EntityManager,
    { personId, name, email }: Owner,
    attempt: ActivityRecord,
    alertId: string,
    origin: Origin,
  ): Promise<boolean> {
    const { notifications, now } = this.parts;
    await notifications.notify(tx, personId, {
      kind: 'account_secured',
      payload: { circumstances: circumstancesOf(origin, now()), by: null },
      dedupKey: `account_secured:${randomUUID()}`,
    });
    const disowned = {
      kind: 'sign_in_disowned',
      payload: {
        circumstances: circumstancesThen(attempt),
        person: name,
        email,
        application: attempt.application_name,
        alert: alertId,
      },
      dedupKey: `sign_in_disowned:${attempt.id}`,
    } as const;
    await notifications.notifyRoles(tx, ['analyst', 'admin'], disowned);
    const [manager] = await tx.query<{ id: string }[]>(
      'SELECT m.id FROM people p JOIN people m ON m.id = p.manager_id WHERE p.id = $1 AND m.disabled_at IS NULL',
      [personId],
    );
    if (manager) await notifications.notify(tx, manager.id, disowned);
    return manager !== undefined;
  }
}

const requestOf = ({ actor: by }: Owner, { ip }: Origin): Omit<RevokeRequest, 'select'> => ({
  by,
  endReason: 'revoked_by_self',
  reason: 'Said that a sign-in was not theirs',
  ip,
});
