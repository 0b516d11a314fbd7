import { kindOfSource } from '../attempts/kind-of-source.js';
import type { IncidentSource, IncidentSubject, IncidentView } from '../contracts/incidents.js';
import type { IncidentRow, SourceRow, SubjectRow } from './store/read-incidents.js';

export const toIncidentView = (row: IncidentRow): IncidentView => ({
  id: row.id,
  number: `I-${row.number}`,
  kinds: row.kinds,
  severity: row.severity,
  status: row.status,
  verdict: row.verdict,
  assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
  leadId: row.lead_id,
  alerts: row.alerts,
  attempts: Number(row.attempts),
  failures: Number(row.failures),
  subjects: row.subjects,
  gotIn: row.got_in,
  sources: row.sources,
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  openedAt: row.opened_at.toISOString(),
  simulated: row.simulated,
  drill: row.drill,
});

export const toIncidentSubject = (row: SubjectRow): IncidentSubject => ({
  subject: row.subject,
  person: row.person_id === null ? null : { id: row.person_id, name: row.person_name ?? row.subject },
  attempts: Number(row.attempts),
  failures: Number(row.failures),
  gotInAt: row.got_in_at?.toISOString() ?? null,
  lastAt: row.last_at.toISOString(),
  openSessions: row.open_sessions,
});

export const toIncidentSource = (row: SourceRow): IncidentSource => ({
  ip: row.ip,
  country: row.country,
  network: {
    asn: row.asn === null ? null : Number(row.asn),
    organisation: row.organisation,
    kind: kindOfSource(row.ip, row.organisation),
  },
  attempts: Number(row.attempts),
  failures: Number(row.failures),
  lastAt: row.last_at.toISOString(),
  throttledUntil: row.throttled_until?.toISOString() ?? null,
});
