import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { lockForChange, type Party } from '../alerts/move-party.js';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import type { AlertContainment, ContainmentReceipt } from '../contracts/incidents.js';
import type { ChangeOrigin } from '../people/carry-out-changes.js';
import type { RequireNewPassword } from '../people/require-new-password.js';
import { Refusal } from '../platform/errors.js';
import type { Revocation, Revoke } from '../sessions/revoke.js';
import { PEOPLE_MAX, SOURCES_MAX } from './read-reach.js';
import { recordContainment } from './record-containment.js';
import {
  beginContainment,
  type ContainedPerson,
  type ContainmentRow,
  finishContainment,
  keepPerson,
  lastContainment,
  readContained,
} from './store/containments.js';
import { readInside } from './store/reach.js';
import { throttleSources } from './store/throttled-sources.js';

export type By = ChangeOrigin & { by: Actor & { id: string } };
/** A receipt without the views of what it is about. */
export type Contained = Omit<ContainmentReceipt, 'incident' | 'alert'> & { alertId: string };
type Begun = { id: string; party: Party; people: { id: string; name: string }[] };

/** Stops an attack: throws out those who got in, and refuses where it comes from. */
export class ContainAttack {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly passwords: RequireNewPassword,
    private readonly audit: AppendAudit,
  ) {}

  /**
   * Each person is dealt with in a transaction of their own, so that one who can't be changed stops nothing. Whoever comes second
   * is told who was first and gets that one's receipt; doing it again later does what is still to do.
   * @param alertId the alert that stands for the attack; all that belongs to it is contained
   * @throws Refusal `not_found`
   */
  async contain(alertId: string, request: AlertContainment, origin: By): Promise<Contained> {
    const begun = await this.begin(alertId, request, origin);
    if ('by' in begun) return this.receipt(begun, { by: begun.by, at: begun.begunAt.toISOString() });
    const { id, party } = begun;
    const people: ContainedPerson[] = [];
    if (request.endSessions || request.requirePassword)
      for (const person of begun.people) {
        const contained = await this.throwOut(person, request, origin);
        await keepPerson(this.database, id, contained);
        people.push(contained);
      }
    const done = await this.database.transaction((tx) => this.finish(tx, { id, party, people }, request, origin));
    return this.receipt(done, null);
  }

  /** The claim: of two who contain the same at once, one does it. */
  private begin(alertId: string, { resolve }: AlertContainment, { by }: By): Promise<Begun | ContainmentRow> {
    return this.database.transaction(async (tx) => {
      const party = await lockForChange(tx, alertId);
      if (!party) throw new Refusal('not_found');
      const last = await lastContainment(tx, party.ids);
      // What a rule did leaves the rest to do for whoever contains it right after.
      const earlier = last?.policyVersion === null ? last : undefined;
      const over = party.alert.status === 'resolved' || party.alert.status === 'closed';
      const isFresh = earlier !== undefined && Date.now() - earlier.begunAt.getTime() < JUST_NOW_MS;
      if (earlier && (resolve ? over || isFresh : isFresh)) return earlier;
      const id = randomUUID();
      await beginContainment(tx, { id, alertId, by });
      return { id, party, people: await readInside(tx, party.ids, PEOPLE_MAX) };
    });
  }

  private async finish(
    tx: EntityManager,
    { id, party, people }: { id: string; party: Party; people: readonly ContainedPerson[] },
    { throttleMinutes, resolve }: AlertContainment,
    origin: By,
  ): Promise<ContainmentRow> {
    // Anew: alerts may have joined since.
    const now = (await lockForChange(tx, party.alert.id)) ?? party;
    const { count, until } =
      throttleMinutes === null
        ? { count: 0, until: null }
        : await throttleSources(
            tx,
            { alertIds: now.ids, containmentId: id },
            { minutes: throttleMinutes, limit: SOURCES_MAX },
          );
    const resolved = resolve && now.alert.status !== 'resolved' && now.alert.status !== 'closed';
    await finishContainment(tx, { id, sources: count, until, resolved });
    const numbers = {
      people: people.filter(({ note }) => note === null).length,
      sessions: people.reduce((sum, { sessionsEnded }) => sum + sessionsEnded, 0),
      passwords: people.filter(({ passwordRequired }) => passwordRequired).length,
      sources: count,
      minutes: throttleMinutes ?? 0,
    };
    await recordContainment(tx, this.audit, {
      party: now,
      numbers,
      resolved,
      personIds: people.map((one) => one.id),
      origin,
    });
    const { by } = origin;
    return {
      id,
      alertId: party.alert.id,
      by: by.name,
      begunAt: new Date(),
      finishedAt: new Date(),
      sources: count,
      throttledUntil: until,
      resolved,
      policyVersion: null,
    };
  }

  private async throwOut(
    person: { id: string; name: string },
    { requirePassword, endSessions, reason }: AlertContainment,
    origin: By,
  ): Promise<ContainedPerson> {
    const { by, ip } = origin;
    const { id, name } = person;
    const done = (
      revocation: Revocation | undefined,
      passwordRequired: boolean,
      note: string | null,
    ): ContainedPerson => ({
      ...{ id, name, passwordRequired, note },
      sessionsEnded: revocation?.sessionIds.length ?? 0,
      revocationId: revocation?.id ?? null,
    });
    if (id === by.id)
      return done(undefined, false, 'This is you: end your sessions and change your password yourself.');
    let note: string | null = null;
    if (requirePassword) {
      try {
        return done(await this.passwords.require(id, reason, origin), true, null);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        note = error.info.detail ?? error.message;
      }
    }
    if (!endSessions) return done(undefined, false, note);
    const select = { personId: id };
    return done(await this.revocations.revoke({ select, by, endReason: 'revoked_by_staff', reason, ip }), false, note);
  }

  private async receipt(row: ContainmentRow, earlier: Contained['earlier']): Promise<Contained> {
    const people = await readContained(this.database, row.id);
    return {
      id: row.id,
      alertId: row.alertId,
      earlier,
      resolved: row.resolved,
      people: people.map(({ revocationId: _own, ...person }) => person),
      revocationIds: people.flatMap(({ revocationId }) => revocationId ?? []),
      throttledSources: row.sources,
      throttledUntil: row.throttledUntil?.toISOString() ?? null,
    };
  }
}

/** Whoever contains the same this soon after somebody else means the same press of a key, in milliseconds. */
const JUST_NOW_MS = 10_000;
