import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { addEvents } from '../alerts/move-party.js';
import type { Raised } from '../alerts/raise-alerts.js';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { respondedSeverities } from '../contracts/detection-policy.js';
import type { Policy, Response } from '../detection/domain/policy.js';
import { notify } from '../platform/database/listener.js';
import type { EndSessions } from '../sessions/end-sessions.js';
import type { Revocation } from '../sessions/revoke.js';
import { sayResponded } from './domain/say-responded.js';
import { addIncidentEvent } from './store/incident-events.js';
import {
  type AnswerableAlert,
  keepEnded,
  keepResponse,
  type OpenedSession,
  readAnswerable,
  readOpened,
  readSources,
  throttleAddresses,
} from './store/responses.js';

/** Sessions and addresses that a rule deals with at once for one alert; what is beyond needs a person who looks. */
const SESSIONS_MAX = 200;
const SOURCES_MAX = 1_000;

type Ended = { personId: string; revocation: Revocation };

/**
 * What the detection policy has follow from an alert by itself. It is part of the transaction that raises the alert: both are stored
 * or neither, so that a worker that ends in between leaves nothing half done and the next one does it once.
 */
export class RespondByPolicy {
  constructor(
    private readonly sessions: EndSessions,
    private readonly audit: AppendAudit,
    private readonly ownApplicationId: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Addresses are refused once for each severity that an alert reaches; sessions are ended whenever it gets further ones. */
  async respond(tx: EntityManager, { raised, grown, worsened }: Raised, policy: Policy): Promise<void> {
    const severities = respondedSeverities.filter((severity) => {
      const { endSessions, throttleSource } = policy.responses[severity];
      return endSessions || throttleSource;
    });
    if (severities.length === 0 || raised.length + grown.length === 0) return;
    const news = new Set([...raised, ...worsened]);
    for (const alert of await readAnswerable(tx, [...raised, ...grown], severities)) {
      const response = policy.responses[alert.severity];
      const ended = response.endSessions ? await this.endSessions(tx, alert, policy) : [];
      const ips = response.throttleSource && news.has(alert.id) ? await this.sourcesOf(tx, alert, policy) : [];
      if (ended.length + ips.length > 0) await this.keep(tx, alert, { ended, ips }, { response, policy });
    }
  }

  /** Each person has a receipt of their own, and is told. */
  private async endSessions(tx: EntityManager, alert: AnswerableAlert, policy: Policy): Promise<Ended[]> {
    const opened = await readOpened(tx, alert.id, { own: this.ownApplicationId, limit: SESSIONS_MAX });
    const meant = opened.filter((session) => !this.isAllowed(session, alert, policy));
    const ended: Ended[] = [];
    for (const personId of new Set(meant.map((session) => session.personId))) {
      const select = { sessionIds: meant.filter((session) => session.personId === personId).map(({ id }) => id) };
      const reason = `By rule of policy version ${policy.version}, alert ${alert.number}`;
      const request = { select, by: systemActor, endReason: 'policy' } as const;
      const revocation = await this.sessions.endWithin(tx, request, { reason, ip: null });
      if (revocation) ended.push({ personId, revocation });
    }
    return ended;
  }

  private async sourcesOf(tx: EntityManager, alert: AnswerableAlert, policy: Policy): Promise<string[]> {
    const minutes = policy.responses[alert.severity].throttleMinutes;
    const sources = await readSources(tx, alert.id, { minutes, limit: SOURCES_MAX });
    return sources.filter((source) => !this.isAllowed(source, alert, policy)).map(({ ip }) => ip);
  }

  private isAllowed(
    { ip, asn }: Pick<OpenedSession, 'ip' | 'asn'>,
    { applicationId }: AnswerableAlert,
    { allowed }: Policy,
  ): boolean {
    return allowed.has({ ip, asn, applicationId }, this.now());
  }

  private async keep(
    tx: EntityManager,
    alert: AnswerableAlert,
    { ended, ips }: { ended: readonly Ended[]; ips: readonly string[] },
    { response, policy }: { response: Response; policy: Policy },
  ): Promise<void> {
    const { version } = policy;
    const sessions = ended.reduce((sum, { revocation }) => sum + revocation.sessionIds.length, 0);
    const minutes = ips.length > 0 ? response.throttleMinutes : 0;
    const containmentId = await keepResponse(tx, {
      ...{ id: randomUUID(), alertId: alert.id, by: `A rule of policy version ${version}` },
      ...{ policyVersion: version, sources: ips.length, minutes },
    });
    for (const { personId, revocation } of ended)
      await keepEnded(tx, containmentId, {
        ...{ personId, sessions: revocation.sessionIds.length, revocationId: revocation.id },
      });
    const { incidentId } = alert;
    await throttleAddresses(tx, { ips, containmentId, incidentId }, minutes);
    const numbers = { sessions, sources: ips.length, minutes };
    await this.tell(tx, alert, numbers, version);
  }

  private async tell(
    tx: EntityManager,
    { id, severity, incidentId }: AnswerableAlert,
    numbers: Record<'sessions' | 'sources' | 'minutes', number>,
    policyVersion: number,
  ): Promise<void> {
    await addEvents(tx, [id], { event: 'responded', by: null, note: sayResponded(policyVersion, numbers) });
    const detail = { ...numbers, policyVersion };
    if (incidentId !== null) {
      await addIncidentEvent(tx, incidentId, { kind: 'contained', by: null, detail });
      await notify(tx, 'incident_changed', { incidentId });
    }
    const target = { kind: 'alert', id };
    await this.audit.append(tx, {
      actor: systemActor,
      action: 'alert.responded',
      target,
      detail: { ...detail, severity },
    });
  }
}
