import type { AlertView } from '../../contracts/alerts.js';
import type { IncidentView } from '../../contracts/incidents.js';
import { WEBHOOK_DIGEST_MAX, type WebhookEvent, type WebhookMessage } from '../../contracts/webhooks.js';
import type { RiskLevel } from '../../contracts/detection.js';

type Of<T extends WebhookMessage['type']> = Extract<WebhookMessage, { type: T }>;
type AlertEvent = Extract<WebhookEvent, `alert.${string}`>;
type IncidentEvent = Extract<WebhookEvent, `incident.${string}`>;
/** When something happened, and the origin of the console, without a trailing slash. */
type Context = { at: Date; consoleUrl: string };

export const alertMessage = (type: AlertEvent, alert: AlertView, { at, consoleUrl }: Context): WebhookMessage => ({
  type,
  version: 1,
  timestamp: at.toISOString(),
  data: {
    id: alert.id,
    number: alert.number,
    kind: alert.kind,
    severity: alert.severity,
    status: alert.status,
    verdict: alert.verdict,
    subject: alert.subject,
    person: alert.person,
    ip: alert.ip,
    score: alert.score,
    attempts: alert.evidence.attempts,
    failures: alert.evidence.failures,
    successes: alert.evidence.successes,
    firstAt: alert.firstAt,
    lastAt: alert.lastAt,
    incident: alert.incident && { id: alert.incident.id, number: alert.incident.number },
    url: `${consoleUrl}/alerts/${alert.id}`,
  },
});

export const incidentMessage = (
  type: IncidentEvent,
  incident: IncidentView,
  { at, consoleUrl }: Context,
): WebhookMessage => ({
  type,
  version: 1,
  timestamp: at.toISOString(),
  data: {
    id: incident.id,
    number: incident.number,
    kinds: incident.kinds,
    severity: incident.severity,
    status: incident.status,
    verdict: incident.verdict,
    attempts: incident.attempts,
    failures: incident.failures,
    subjects: incident.subjects,
    gotIn: incident.gotIn,
    sources: incident.sources,
    firstAt: incident.firstAt,
    lastAt: incident.lastAt,
    url: `${consoleUrl}/incidents/${incident.id}`,
  },
});

export const revocationMessage = (
  revocation: Omit<Of<'session.revoked'>['data'], 'url'>,
  { at, consoleUrl }: Context,
): WebhookMessage => ({
  type: 'session.revoked',
  version: 1,
  timestamp: at.toISOString(),
  data: { ...revocation, url: `${consoleUrl}/receipts/${revocation.id}` },
});

/** An event that is held back. */
export type HeldEvent = { type: WebhookEvent; severity: RiskLevel | null; url: string; at: Date };

/** Counts of everything held, oldest first, with links to the newest few. @param held at least one */
export function digestMessage(held: readonly HeldEvent[], now: Date): WebhookMessage {
  const counts = new Map<string, Of<'digest'>['data']['counts'][number]>();
  for (const { type, severity } of held) {
    const key = `${type} ${severity}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { type, severity, count: 1 });
  }
  return {
    type: 'digest',
    version: 1,
    timestamp: now.toISOString(),
    data: {
      from: (held[0]?.at ?? now).toISOString(),
      to: (held.at(-1)?.at ?? now).toISOString(),
      counts: [...counts.values()],
      newest: held.slice(-WEBHOOK_DIGEST_MAX).map(({ type, severity, url }) => ({ type, severity, url })),
    },
  };
}

/** What a message is about, in a few words for a list. */
export function aboutOf(message: WebhookMessage): string {
  switch (message.type) {
    case 'alert.raised':
    case 'alert.escalated':
    case 'alert.resolved':
      return `${message.data.number}, ${message.data.subject}`;
    case 'incident.opened':
    case 'incident.resolved':
      return message.data.number;
    case 'session.revoked':
      return message.data.people.map(({ name }) => name).join(', ');
    case 'digest':
      return `${message.data.counts.reduce((sum, { count }) => sum + count, 0)} events`;
    case 'test':
      return message.data.by;
  }
}

export const severityOf = ({ type, data }: WebhookMessage): RiskLevel | null =>
  type !== 'digest' && type !== 'test' && 'severity' in data ? data.severity : null;
