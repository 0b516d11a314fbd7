import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { addEvents } from '../alerts/move-party.js';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { challengeNext } from '../authentication/challenge-next.js';
import type { PolicyInForce } from '../detection/policy-in-force.js';
import type { Policy } from '../detection/domain/policy.js';
import { notify } from '../platform/database/listener.js';
import type { EndSessions } from '../sessions/end-sessions.js';
import type { Revocation } from '../sessions/revoke.js';
import { type Done, nothingDone, sayFailed, sayResponded } from './domain/say-responded.js';
import { type DueResponse, dropResponses, postponeResponse, takeResponse } from './store/due-responses.js';
import { addIncidentEvent } from './store/incident-events.js';
import { readConcerned } from './store/reach.js';
import {
  type AnswerableAlert,
  keepEnded,
  keepResponse,
  lockAnswered,
  type OpenedSession,
  readAnswerable,
  readOpened,
  readSources,
  throttleAddresses,
} from './store/responses.js';

/** Sessions, addresses and people that a rule deals with at once for one alert; what is beyond needs a person who looks. */
const SESSIONS_MAX = 200;
const SOURCES_MAX = 1_000;
const PEOPLE_MAX = 200;
/** Seconds until the next try after each failure; then it is left to a person. */
const RETRY_SECONDS = [1, 5, 20, 60];

type Ended = { personId: string; revocation: Revocation };
type Parts = {
  database: DataSource;
  sessions: EndSessions;
  audit: AppendAudit;
  policies: Pick<PolicyInForce, 'current'>;
  ownApplicationId: string;
  now: () => number;
  onError: (error: unknown) => void;
};

/**
 * Does what the detection policy has follow from alerts. Each act is a transaction with the row that asks for it: done once, whatever is
 * killed. One that fails is tried again and then shown as failed on its alert; the others go on.
 */
export class RespondByPolicy {
  constructor(private readonly parts: Parts) {}

  /** Everything that is due. */
  async run(): Promise<void> {
    while (await this.next()) continue;
  }

  /** @returns false where nothing is due */
  private async next(): Promise<boolean> {
    const { database, onError } = this.parts;
    const policy = await this.parts.policies.current();
    let taken: DueResponse | undefined;
    try {
      await database.transaction(async (tx) => {
        taken = await takeResponse(tx);
        if (taken) await this.carryOut(tx, taken, policy);
      });
    } catch (error) {
      if (!taken) throw error;
      onError(error);
      await this.fail(taken);
    }
    return taken !== undefined;
  }

  private async carryOut(tx: EntityManager, due: DueResponse, policy: Policy): Promise<void> {
    const alert = await readAnswerable(tx, due.alertId);
    if (!alert) return;
    if (due.act === 'end_sessions') await this.endSessions(tx, alert, due, policy);
    else if (due.act === 'throttle_source') await this.throttle(tx, alert, due, policy);
    else await this.challenge(tx, alert, due);
  }

  /** Each person has a receipt of their own, and is told. */
  private async endSessions(
    tx: EntityManager,
    alert: AnswerableAlert,
    { policyVersion }: DueResponse,
    policy: Policy,
  ): Promise<void> {
    const { sessions, ownApplicationId: own } = this.parts;
    const opened = await readOpened(tx, alert.id, { own, limit: SESSIONS_MAX });
    const meant = opened.filter((session) => !this.isAllowed(session, alert, policy));
    const ended: Ended[] = [];
    for (const personId of [...new Set(meant.map((session) => session.personId))].sort()) {
      const select = { sessionIds: meant.filter((session) => session.personId === personId).map(({ id }) => id) };
      const reason = `By rule of policy version ${policyVersion}, alert ${alert.number}`;
      const request = { select, by: systemActor, endReason: 'policy' } as const;
      const revocation = await sessions.endWithin(tx, request, { reason, ip: null });
      if (revocation) ended.push({ personId, revocation });
    }
    if (ended.length === 0) return;
    // Sessions first, then the alert: in the order of everybody who ends sessions and says why.
    await lockAnswered(tx, alert);
    const containmentId = await keep(tx, alert, { policyVersion, sources: 0, minutes: 0 });
    for (const { personId, revocation } of ended)
      await keepEnded(tx, containmentId, {
        ...{ personId, sessions: revocation.sessionIds.length, revocationId: revocation.id },
      });
    const count = ended.reduce((sum, { revocation }) => sum + revocation.sessionIds.length, 0);
    await this.tell(tx, alert, { ...nothingDone, sessions: count }, policyVersion);
  }

  private async throttle(
    tx: EntityManager,
    alert: AnswerableAlert,
    { policyVersion, minutes: given }: DueResponse,
    policy: Policy,
  ): Promise<void> {
    const minutes = given ?? 0;
    const found = await readSources(tx, alert.id, { minutes, limit: SOURCES_MAX });
    const ips = found.filter((source) => !this.isAllowed(source, alert, policy)).map(({ ip }) => ip);
    if (ips.length === 0) return;
    await lockAnswered(tx, alert);
    const containmentId = await keep(tx, alert, { policyVersion, sources: ips.length, minutes });
    await throttleAddresses(tx, { ips, containmentId, incidentId: alert.incidentId }, minutes);
    await this.tell(tx, alert, { ...nothingDone, sources: ips.length, minutes }, policyVersion);
  }

  private async challenge(
    tx: EntityManager,
    alert: AnswerableAlert,
    { policyVersion, minutes: given }: DueResponse,
  ): Promise<void> {
    const minutes = given ?? 0;
    const personIds = await readConcerned(tx, alert.id, PEOPLE_MAX);
    if (personIds.length === 0) return;
    const by = `A rule of policy version ${policyVersion}`;
    const challenged = await challengeNext(tx, { personIds, minutes, by, alertId: alert.id });
    if (challenged === 0) return;
    await lockAnswered(tx, alert);
    await this.tell(tx, alert, { ...nothingDone, challenged, minutes }, policyVersion);
  }

  private isAllowed(
    { ip, asn }: Pick<OpenedSession, 'ip' | 'asn'>,
    { applicationId }: AnswerableAlert,
    { allowed }: Policy,
  ): boolean {
    return allowed.has({ ip, asn, applicationId }, this.parts.now());
  }

  private async tell(tx: EntityManager, alert: AnswerableAlert, done: Done, policyVersion: number): Promise<void> {
    const { id, severity, incidentId } = alert;
    await addEvents(tx, [id], { event: 'responded', by: null, note: sayResponded(policyVersion, done) });
    const detail = { ...done, policyVersion };
    if (incidentId !== null) {
      await addIncidentEvent(tx, incidentId, { kind: 'contained', by: null, detail });
      await notify(tx, 'incident_changed', { incidentId });
    }
    await notify(tx, 'alert_changed', { alertId: id });
    const target = { kind: 'alert', id };
    const entry = { actor: systemActor, action: 'alert.responded', target, detail: { ...detail, severity } };
    await this.parts.audit.append(tx, entry);
  }

  /** Nothing of it was done. It is tried again, and in the end left to a person, who reads so. */
  private async fail(due: DueResponse): Promise<void> {
    const { alertId, act, policyVersion, tries } = due;
    await this.parts.database.transaction(async (tx) => {
      const pause = RETRY_SECONDS[tries];
      if (pause !== undefined) return postponeResponse(tx, due.id, pause);
      await dropResponses(tx, due);
      const note = sayFailed(policyVersion, act, RETRY_SECONDS.length + 1);
      await addEvents(tx, [alertId], { event: 'response_failed', by: null, note });
      await notify(tx, 'alert_changed', { alertId });
      const target = { kind: 'alert', id: alertId };
      const detail = { act, policyVersion, tries: RETRY_SECONDS.length + 1 };
      await this.parts.audit.append(tx, { actor: systemActor, action: 'alert.response_failed', target, detail });
    });
  }
}

const keep = (
  tx: EntityManager,
  { id: alertId }: AnswerableAlert,
  { policyVersion, sources, minutes }: { policyVersion: number; sources: number; minutes: number },
): Promise<string> =>
  keepResponse(tx, {
    ...{ id: randomUUID(), alertId, by: `A rule of policy version ${policyVersion}` },
    ...{ policyVersion, sources, minutes },
  });
