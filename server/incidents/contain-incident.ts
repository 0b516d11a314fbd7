import type { DataSource, EntityManager } from 'typeorm';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import type { Containment, ContainmentReceipt } from '../contracts/incidents.js';
import type { ChangeOrigin } from '../people/carry-out-changes.js';
import type { RequireNewPassword } from '../people/require-new-password.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { Revocation, Revoke } from '../sessions/revoke.js';
import { toIncidentView } from './incident-view.js';
import { addIncidentEvent } from './store/incident-events.js';
import { readIncident, readInside } from './store/read-incidents.js';
import { releaseSources, throttleSources } from './store/throttled-sources.js';

/** Most people and sources that one containment reaches. */
const PEOPLE_MAX = 1_000;
const SOURCES_MAX = 20_000;

type By = ChangeOrigin & { by: Actor & { id: string } };
type Contained = ContainmentReceipt['people'][number] & { revocationId: string | null };

/** Stops an attack: throws out those who got in, and refuses where it comes from. */
export class ContainIncident {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly passwords: RequireNewPassword,
    private readonly audit: AppendAudit,
  ) {}

  /**
   * Each person is dealt with in a transaction of their own, so that one who can't be changed stops nothing; doing it again does
   * what is still to do.
   * @throws Refusal `not_found`
   */
  async contain(id: string, request: Containment, origin: By): Promise<ContainmentReceipt> {
    if (!(await readIncident(this.database, id))) throw new Refusal('not_found');
    const people: Contained[] = [];
    if (request.endSessions || request.requirePassword)
      for (const person of await readInside(this.database, id, PEOPLE_MAX))
        people.push(await this.throwOut(person, request, origin));
    const throttled = await this.database.transaction(async (tx) => {
      const sources =
        request.throttleMinutes === null
          ? { count: 0, until: null }
          : await throttleSources(tx, id, { minutes: request.throttleMinutes, limit: SOURCES_MAX });
      await this.record(tx, id, { people, sources: sources.count, minutes: request.throttleMinutes ?? 0 }, origin);
      return sources;
    });
    const row = await readIncident(this.database, id);
    if (!row) throw new Refusal('not_found');
    return {
      incident: toIncidentView(row),
      people: people.map(({ revocationId: _own, ...person }) => person),
      revocationIds: people.flatMap(({ revocationId }) => revocationId ?? []),
      throttledSources: throttled.count,
      throttledUntil: throttled.until?.toISOString() ?? null,
    };
  }

  /** Lets sources sign in again. @returns how many @throws Refusal `not_found` */
  async release(id: string, { by, ip }: By): Promise<number> {
    return this.database.transaction(async (tx) => {
      if (!(await readIncident(tx, id))) throw new Refusal('not_found');
      const count = await releaseSources(tx, id);
      if (count === 0) return 0;
      await addIncidentEvent(tx, id, { kind: 'released', by: by.id, detail: { sources: count } });
      await this.audit.append(tx, {
        actor: by,
        action: 'incident.released',
        target: { kind: 'incident', id },
        detail: { sources: count },
        ip,
      });
      await notify(tx, 'incident_changed', { incidentId: id });
      return count;
    });
  }

  private async throwOut(
    person: { id: string; name: string },
    { requirePassword, endSessions, reason }: Containment,
    origin: By,
  ): Promise<Contained> {
    const { by, ip } = origin;
    const done = (revocation: Revocation | undefined, passwordRequired: boolean, note: string | null): Contained => ({
      ...person,
      sessionsEnded: revocation?.sessionIds.length ?? 0,
      passwordRequired,
      note,
      revocationId: revocation?.id ?? null,
    });
    if (person.id === by.id)
      return done(undefined, false, 'This is you: end your sessions and change your password yourself.');
    let note: string | null = null;
    if (requirePassword) {
      try {
        return done(await this.passwords.require(person.id, reason, origin), true, null);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        note = error.info.detail ?? error.message;
      }
    }
    if (!endSessions) return done(undefined, false, note);
    const select = { personId: person.id };
    return done(await this.revocations.revoke({ select, by, endReason: 'revoked_by_staff', reason, ip }), false, note);
  }

  private async record(
    tx: EntityManager,
    id: string,
    { people, sources, minutes }: { people: readonly Contained[]; sources: number; minutes: number },
    { by, ip }: By,
  ): Promise<void> {
    const detail = {
      people: people.filter(({ note }) => note === null).length,
      sessions: people.reduce((sum, { sessionsEnded }) => sum + sessionsEnded, 0),
      passwords: people.filter(({ passwordRequired }) => passwordRequired).length,
      sources,
      minutes,
    };
    await addIncidentEvent(tx, id, { kind: 'contained', by: by.id, detail });
    await this.audit.append(tx, {
      actor: by,
      action: 'incident.contained',
      target: { kind: 'incident', id },
      detail: { ...detail, personIds: people.map((person) => person.id).slice(0, 100) },
      ip,
    });
    await notify(tx, 'incident_changed', { incidentId: id });
  }
}
