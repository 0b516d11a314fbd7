import type { DataSource } from 'typeorm';
import { type AskAboutSignIn, askedAbout } from '../activity/ask-about-sign-in.js';
import { SearchAttempts } from '../attempts/search-attempts.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { AskedPerson } from '../contracts/alerts.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { toAlertView } from './alert-view.js';
import type { Analyst } from './change-alert.js';
import { doubtedSignIn } from './domain/doubted-sign-in.js';
import { sayAge } from './domain/too-late.js';
import { addEvents, lockForChange } from './store/move-alerts.js';
import { EVIDENCE_SHOWN, evidenceOf, readAlert } from './store/read-alerts.js';

/** Shortest time between two mails about one alert, in seconds: whoever presses twice means it once. */
const AGAIN_SECONDS = 600;

/** Asks the person of an alert "Was this you?" when an analyst wants to know, not when a rule does. */
export class AskPerson {
  constructor(
    private readonly database: DataSource,
    private readonly attempts: SearchAttempts,
    private readonly questions: AskAboutSignIn,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `not_found`; `illegal_transition` where there is nobody to ask, they were just asked, or they have answered */
  async ask(alertId: string, by: Analyst): Promise<AskedPerson> {
    const row = await readAlert(this.database, alertId);
    if (!row) throw new Refusal('not_found');
    const evidence = await this.attempts.readMany(await evidenceOf(this.database, alertId, EVIDENCE_SHOWN));
    const doubted = doubtedSignIn(toAlertView(row), evidence);
    if (!doubted)
      throw new Refusal('illegal_transition', { detail: 'It is about no sign-in of somebody who can be asked.' });
    const { person, attemptId } = doubted;
    await this.database.transaction(async (tx) => {
      await lockForChange(tx, alertId);
      const before = await askedAbout(tx, alertId);
      if (before && before.answer === null && before.seconds < AGAIN_SECONDS)
        throw new Refusal('illegal_transition', { detail: `${person.name} was asked ${sayAge(before.seconds)} ago.` });
      if (!(await this.questions.askAgain(tx, { alertId, personId: person.id, attemptId })))
        throw new Refusal('illegal_transition', {
          detail: `${person.name} has answered already, or it is too long ago.`,
        });
      await addEvents(tx, [alertId], { event: 'asked', by: by.personId, note: person.name });
      await this.audit.append(tx, {
        actor: { kind: 'person', id: by.personId, name: by.name },
        action: 'alert.asked',
        target: { kind: 'alert', id: alertId },
        detail: { person: person.name },
        ip: by.ip,
      });
      await notify(tx, 'alert_changed', { alertId });
    });
    return { askedAt: new Date().toISOString(), person: person.name };
  }
}
