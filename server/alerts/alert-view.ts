import type { AlertView, ShownEvidence } from '../contracts/alerts.js';
import { kindOfSource } from '../attempts/kind-of-source.js';
import type { AlertRow } from './store/read-alerts.js';

export const toAlertView = (row: AlertRow): AlertView => ({
  id: row.id,
  number: `A-${row.number}`,
  kind: row.kind,
  severity: row.severity,
  status: row.status,
  verdict: row.verdict,
  subject: row.person_name ?? row.subject,
  person: row.person_id === null ? null : { id: row.person_id, name: row.person_name ?? row.subject },
  ip: row.ip,
  score: row.score,
  evidence: toShownEvidence(row),
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  raisedAt: row.raised_at.toISOString(),
  resolvedAt: row.resolved_at?.toISOString() ?? null,
  assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
  heldUntil: row.held_until?.toISOString() ?? null,
  targetMinutes: row.target_minutes,
  mergedInto: row.merged_into === null ? null : { id: row.merged_into, number: `A-${row.merged_number}` },
  simulated: row.simulated,
  drill: row.drill,
  incident: row.incident && toIncident(row.incident, row.id),
});

const toIncident = (
  { leadId, number, ...incident }: NonNullable<AlertRow['incident']>,
  alertId: string,
): AlertView['incident'] => ({ ...incident, number: `I-${number}`, lead: leadId === alertId });

const toShownEvidence = ({ evidence, names }: AlertRow): ShownEvidence => ({
  ...evidence,
  topSubjects: evidence.topSubjects.map((subject) => {
    const name = names.get(subject.value);
    return { ...subject, person: name === undefined ? null : { id: subject.value, name } };
  }),
  topAddresses: evidence.topAddresses.map((address) => ({
    ...address,
    kind: kindOfSource(address.value, address.organisation),
  })),
});
