import type { DataSource, EntityManager } from 'typeorm';
import { addEvents } from '../alerts/move-party.js';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { SignInChallenge } from '../contracts/factors.js';
import { notify } from '../platform/database/listener.js';
import type { Queryable } from '../platform/database/data-source.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import { removeUnboundMail } from './store/authenticators.js';
import { personExists } from './store/read-account.js';
import { type ChallengeRow, deleteChallenge, insertChallenges, readChallenges } from './store/sign-in-challenges.js';

/**
 * Has the next sign-in of people ask for a second factor, also on a device that is trusted, until they have shown one or some minutes are
 * over. It stands in the database, where each server looks at each sign-in.
 * @returns of how many it is asked now and was not before
 */
export async function challengeNext(
  tx: EntityManager,
  request: { personIds: readonly string[]; minutes: number; by: string; alertId: string },
): Promise<number> {
  const added = await insertChallenges(tx, request);
  if (added.length === 0) return 0;
  // Wrong codes of an earlier challenge keep nobody out of this one.
  await removeUnboundMail(tx, added);
  await notify(tx, 'people_challenged', {});
  return added.length;
}

/** A second factor was shown. */
export async function passChallenge(tx: EntityManager, personId: string): Promise<void> {
  const passed = await dropChallenge(tx, personId);
  if (passed?.alertId) await tell(tx, passed.alertId, { event: 'challenge_passed', by: personId });
}

/** Forgets it without a word, where something stronger took its place. */
export async function dropChallenge(tx: EntityManager, personId: string): ReturnType<typeof deleteChallenge> {
  const gone = await deleteChallenge(tx, personId);
  if (gone) await notify(tx, 'people_challenged', {});
  return gone;
}

/** Those that stand because of these alerts. */
export async function challengesOf(database: Queryable, alertIds: readonly string[]): Promise<SignInChallenge[]> {
  return (await readChallenges(database, { alertIds })).map(toView);
}

/** The one that stands for a person. */
export async function challengeOf(database: Queryable, personId: string): Promise<SignInChallenge | null> {
  const [row] = await readChallenges(database, { personId });
  return row ? toView(row) : null;
}

/** Takes a challenge back. */
export class LiftChallenge {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `not_found` for nobody, `forbidden` for the own: who is asked does not let themselves off */
  async lift(caller: PersonCaller, personId: string): Promise<void> {
    if (caller.personId === personId) throw new Refusal('forbidden');
    if (!(await personExists(this.database, personId))) throw new Refusal('not_found');
    await this.database.transaction(async (tx) => {
      const gone = await dropChallenge(tx, personId);
      if (!gone) return;
      if (gone.alertId !== null) await tell(tx, gone.alertId, { event: 'challenge_lifted', by: caller.personId });
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'sign_in.challenge_lifted',
        target: { kind: 'person', id: personId },
        detail: { alertId: gone.alertId, before: { secondFactorAsked: true }, after: { secondFactorAsked: false } },
      });
    });
  }
}

async function tell(tx: EntityManager, alertId: string, { event, by }: { event: string; by: string }): Promise<void> {
  await addEvents(tx, [alertId], { event, by, note: null });
  await notify(tx, 'alert_changed', { alertId });
}

const toView = ({ personId: id, person: name, askedAt, until, by, alert }: ChallengeRow): SignInChallenge => ({
  person: { id, name },
  askedAt: askedAt.toISOString(),
  until: until.toISOString(),
  by,
  alert,
});
