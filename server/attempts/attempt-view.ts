import type { AttemptDetail, AttemptRow, Factor } from '../contracts/attempts.js';
import type { Risk } from '../contracts/detection.js';
import { placeOf } from './domain/stored-place.js';
import type { AttemptRecord } from './store/read-attempts.js';

/** Picks what a list shows of a stored attempt. */
export function toAttemptRow(record: AttemptRecord): AttemptRow {
  return {
    id: record.id,
    occurredAt: record.occurred_at.toISOString(),
    outcome: record.outcome,
    reason: record.reason,
    subject: record.subject,
    person: record.person_id === null ? null : { id: record.person_id, name: record.person_name ?? record.subject },
    application: { id: record.application_id, name: record.application_name },
    ip: record.ip,
    network: {
      asn: record.asn === null ? null : Number(record.asn),
      organisation: record.organisation,
      kind: record.network_kind,
    },
    place: placeOf(record),
    client: { device: record.device, os: record.os, browser: record.browser },
    sessionId: record.session_id,
    score: record.score,
    level: record.level,
    simulated: record.simulated,
  };
}

export function toAttemptDetail(record: AttemptRecord, alertIds: string[]): AttemptDetail {
  return {
    ...toAttemptRow(record),
    receivedAt: record.received_at.toISOString(),
    userAgent: record.user_agent,
    factor: record.factor as Factor | null,
    deviceId: record.device_id,
    correlationId: record.correlation_id,
    attributes: record.attributes,
    risk: riskOf(record),
    alertIds,
  };
}

export const riskOf = (record: AttemptRecord): Risk => ({
  score: record.score,
  level: record.level,
  signals: record.signals ?? [],
  missing: (record.missing ?? []) as Risk['missing'],
  policyVersion: record.policy_version,
});
