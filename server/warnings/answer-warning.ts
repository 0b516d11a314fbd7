import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { shutOut } from '../activity/shut-out.js';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import type { TeamAnswer, TeamWarning } from '../contracts/team.js';
import type { WarningReply, WarningView } from '../contracts/warnings.js';
import { teachByAnswer } from '../detection/keep-lessons.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { sha256 } from '../platform/crypto.js';
import { leadIncident } from '../incidents/lead-incident.js';
import { reportingLine } from '../people/reporting-line.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { Queryable } from '../platform/database/data-source.js';
import { countLive } from '../sessions/count-live.js';
import type { Revoke } from '../sessions/revoke.js';
import { describeWarning } from './describe-warning.js';
import {
  closeAsBenign,
  type GivenAnswer,
  type HeldWarning,
  keepAnswer,
  readAnswers,
  readHeld,
  readHeldBy,
} from './store/answers.js';

type Origin = { ip: string; userAgent: string | undefined };
type Parts = {
  database: DataSource;
  revocations: Revoke;
  notifications: NotifyPerson;
  audit: AppendAudit;
  now: () => number;
};

/** How somebody comes to answer: by the link of a mail, or signed in. */
type Asked = { token: string } | { alertId: string; readerId: string };

/**
 * Takes what a manager answers to a warning: in the console, or signed out, from whoever holds the mail. Whether they are still above the
 * person, or of security, counts at the time of the answer. An answer by mail opens no session: with a stolen mail somebody can at most
 * lock an account, or close an alert that its history and the audit log go on showing.
 */
export class AnswerWarning {
  constructor(private readonly parts: Parts) {}

  /** What is asked; uses nothing up. @throws Refusal `link_invalid` */
  async look(token: string): Promise<WarningView> {
    const held = await this.hold(this.parts.database, { token }, false);
    return { ...(await this.describe(held)), expiresAt: held.expiresAt?.toISOString() ?? '' };
  }

  /** The same for a manager who is signed in; undefined for what is not theirs to answer. */
  async lookAs(readerId: string, alertId: string): Promise<TeamWarning | undefined> {
    const { database } = this.parts;
    const held = await this.find(database, { alertId, readerId }, false);
    if (!held) return undefined;
    return {
      ...(await this.describe(held)),
      alertId,
      personId: held.personId,
      raisedAt: held.raisedAt.toISOString(),
      nextAt: held.nextStepAt?.toISOString() ?? null,
      openSessions: await countLive(database, held.personId),
    };
  }

  /** @throws Refusal `link_invalid`, `conflict` where somebody was faster or the alert grew since it was looked at */
  answer({ token, answer, seen }: WarningReply, origin: Origin): Promise<void> {
    return this.take({ token }, { answer, seen }, origin);
  }

  /** @throws Refusal `not_found`, `conflict` */
  answerAs(readerId: string, alertId: string, reply: TeamAnswer, origin: Origin): Promise<void> {
    return this.take({ alertId, readerId }, reply, origin);
  }

  private async describe(held: HeldWarning): Promise<Omit<WarningView, 'expiresAt'>> {
    const { database } = this.parts;
    const answers = await readAnswers(database, held.alertId);
    const { circumstances, application, novelties } = await describeWarning(database, held);
    const { number, kind, severity, person, lastAt } = held;
    return {
      ...{ number, kind, severity, person, application, novelties },
      circumstances: { at: circumstances.at, client: circumstances.client, place: circumstances.place },
      lastAt: lastAt.toISOString(),
      answers: answers.map((given) => ({ ...given, at: given.at.toISOString() })),
      open: isOpen(held, answers),
    };
  }

  private async take(asked: Asked, { answer, seen }: TeamAnswer, origin: Origin): Promise<void> {
    await this.parts.database.transaction(async (tx) => {
      const held = await this.hold(tx, asked, true);
      const answers = await readAnswers(tx, held.alertId);
      if (!isOpen(held, answers) || (answer === 'asking' && answers.length > 0))
        throw new Refusal('conflict', { detail: 'It was answered meanwhile.' });
      if (held.lastAt.toISOString() !== seen)
        throw new Refusal('conflict', { detail: 'More sign-ins joined the alert meanwhile: look again.' });
      await keepAnswer(tx, held, answer);
      if (answer === 'expected') {
        await closeAsBenign(tx, held.alertId);
        await leadIncident(tx, held.alertId);
      }
      if (answer === 'not_expected') await this.secure(tx, held, origin);
      await this.parts.audit.append(tx, {
        actor: actorOf(held, origin),
        action: `warning.${answer}`,
        target: { kind: 'alert', id: held.alertId },
        detail: { person: held.person, alert: held.number },
        ip: origin.ip,
      });
      await notify(tx, 'alert_changed', { alertId: held.alertId });
    });
  }

  private async hold(database: Queryable, asked: Asked, lock: boolean): Promise<HeldWarning> {
    const held = await this.find(database, asked, lock);
    if (!held) throw new Refusal('token' in asked ? 'link_invalid' : 'not_found');
    return held;
  }

  private async find(database: Queryable, asked: Asked, lock: boolean): Promise<HeldWarning | undefined> {
    const held =
      'token' in asked
        ? await readHeld(database, sha256(asked.token), lock)
        : await readHeldBy(database, asked.alertId, asked.readerId, lock);
    return held && (await mayAnswer(database, held)) ? held : undefined;
  }

  private async secure(tx: EntityManager, held: HeldWarning, origin: Origin): Promise<void> {
    const { personId, kind, attemptId, alertId, receiver } = held;
    const { revocations } = this.parts;
    await tx.query('SELECT FROM people WHERE id = $1 FOR UPDATE', [personId]);
    const by = actorOf(held, origin);
    const reason = `${receiver.name} did not expect a sign-in`;
    const endReason = receiver.role === 'manager' ? 'revoked_by_manager' : 'revoked_by_staff';
    const request = { by, endReason, reason, ip: origin.ip } as const;
    await shutOut(tx, revocations, { personId, exceptSessionId: null }, request);
    // The safe direction: nothing of it becomes a habit. That it was expected teaches nothing, as only the person can know.
    if (kind === 'suspicious-sign-in' && attemptId !== null)
      await teachByAnswer(tx, { attemptId, personId, genuine: false });
    await this.tell(tx, held, origin);
    await notify(tx, 'people_changed', {});
    await tx.query(`UPDATE alerts SET severity = 'critical' WHERE id = $1`, [alertId]);
  }

  private async tell(tx: EntityManager, held: HeldWarning, origin: Origin): Promise<void> {
    const { notifications, now } = this.parts;
    const { personId, person, receiver, alertId } = held;
    await notifications.notify(tx, personId, {
      kind: 'account_secured',
      payload: { circumstances: { ...circumstancesOf(origin, now()), ip: null, client: null }, by: receiver.name },
      dedupKey: `account_secured:${randomUUID()}`,
    });
    const { circumstances, application } = await describeWarning(tx, held);
    await notifications.notifyRoles(tx, ['analyst', 'admin'], {
      kind: 'sign_in_not_expected',
      payload: { circumstances, person, by: receiver.name, application, alert: alertId },
      dedupKey: `sign_in_not_expected:${alertId}`,
    });
  }
}

const isOpen = ({ status }: HeldWarning, answers: readonly GivenAnswer[]): boolean =>
  status !== 'resolved' && status !== 'closed' && answers.every(({ answer }) => answer === 'asking');

/** Security always may; managers only those below them. */
async function mayAnswer(database: Queryable, { receiver, personId }: HeldWarning): Promise<boolean> {
  if (receiver.id === personId) return false;
  if (receiver.role === 'analyst' || receiver.role === 'admin') return true;
  return (await reportingLine(database, personId)).includes(receiver.id);
}

const actorOf = ({ receiver, expiresAt }: HeldWarning, { ip }: Origin): Actor => ({
  kind: 'person',
  id: receiver.id,
  name: expiresAt === null ? receiver.name : `${receiver.name}, by mail`,
  ip,
});
