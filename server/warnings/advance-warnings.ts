import type { DataSource, EntityManager } from 'typeorm';
import { WARNING_HOURS } from '../contracts/warnings.js';
import { minutesUntilNext, readNotificationRules } from '../notifications/notification-rules.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { describeWarning } from './describe-warning.js';
import { nextStep, type NextStep } from './domain/next-step.js';
import { reportingLine } from '../people/reporting-line.js';
import { securityStaff } from './store/security-staff.js';
import { keepReceiver, readReceivers, setNextStep, takeDue, type WarnedOf } from './store/warnings.js';

/** Tells of alerts: the manager of the person first, and while nobody answers the next in line, then security. */
export class AdvanceWarnings {
  constructor(
    private readonly database: DataSource,
    private readonly notifications: NotifyPerson,
  ) {}

  /** Takes every step that is due. Each is one transaction that holds its warning, so two workers never take the same one. */
  async run(): Promise<void> {
    while (await this.database.transaction((tx) => this.advance(tx)));
  }

  /** @returns whether one was due */
  private async advance(tx: EntityManager): Promise<boolean> {
    const due = await takeDue(tx);
    if (!due) return false;
    const { alertId, personId, severity } = due;
    const told = due.needed ? await readReceivers(tx, alertId) : [];
    const line = await reportingLine(tx, personId);
    const next = due.needed ? nextStep(line, await securityStaff(tx, personId), told) : undefined;
    const minutes = minutesUntilNext(await readNotificationRules(tx), severity);
    // Without a manager there is nobody to wait for but those who watch the console: they have the time of one step.
    const waits = next?.step === 'security' && told.length === 0 && !due.waited;
    if (next && !waits) await this.tell(tx, due, next, minutes);
    await setNextStep(tx, alertId, waits || next?.more ? minutes * 60 : null);
    return true;
  }

  private async tell(tx: EntityManager, due: WarnedOf, next: NextStep, minutes: number): Promise<void> {
    const { alertId, person, kind, number, severity } = due;
    const { circumstances, application, novelties } = await describeWarning(tx, due);
    const lifeSeconds = WARNING_HOURS * 3_600;
    for (const receiverId of next.receivers) {
      const token = randomToken();
      await keepReceiver(tx, { alertId, receiverId, step: next.step, tokenHash: sha256(token), lifeSeconds });
      await this.notifications.notify(tx, receiverId, {
        kind: 'manager_warning',
        payload: {
          circumstances,
          person,
          application,
          novelties,
          revokedSession: kind === 'revoked-session-used',
          alert: number,
          until: new Date(Date.now() + lifeSeconds * 1_000).toISOString(),
          minutes: next.more ? minutes : null,
        },
        secret: token,
        dedupKey: `manager_warning:${alertId}:${receiverId}`,
        expiresInSeconds: lifeSeconds,
        // What can't wait is never held back, and told with others of the same moment.
        budget: severity === 'critical' ? 'critical' : 'asks',
      });
    }
  }
}
