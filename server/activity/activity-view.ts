import type { ActivityRow, Novelty } from '../contracts/activity.js';
import type { Signal, SignalKind } from '../contracts/detection.js';
import type { ActivityRecord } from './store/read-activity.js';

const noveltyOf: Partial<Record<SignalKind, Novelty>> = {
  'new-country': 'country',
  'new-network': 'network',
  'new-device': 'device',
  'impossible-travel': 'travel',
};

/** What the signals of a sign-in say was new for its person. */
export const toNovelties = (signals: readonly Signal[] | null): Novelty[] => [
  ...new Set((signals ?? []).flatMap(({ kind }) => noveltyOf[kind] ?? [])),
];

/** Picks what people see of the attempts on their own account: no score, as that would tell an attacker how to look harmless. */
export function toActivityRow(record: ActivityRecord, currentSessionId: string): ActivityRow {
  const { session_id: sessionId, session_ended_at: endedAt, country, latitude, longitude } = record;
  const isCurrent = sessionId === currentSessionId;
  return {
    id: record.id,
    occurredAt: record.occurred_at.toISOString(),
    outcome: record.outcome,
    reason: record.reason,
    factor: record.factor,
    application: { id: record.application_id, name: record.application_name },
    ip: record.ip,
    network: {
      asn: record.asn === null ? null : Number(record.asn),
      organisation: record.organisation,
      kind: record.network_kind,
    },
    place:
      country === null || latitude === null || longitude === null
        ? null
        : {
            country,
            region: record.region,
            city: record.city,
            latitude,
            longitude,
            accuracyKm: record.accuracy_km ?? 0,
          },
    client: { device: record.device, os: record.os, browser: record.browser },
    session: sessionId === null ? null : { current: isCurrent, endedAt: endedAt?.toISOString() ?? null },
    novelties: toNovelties(record.signals),
    doubts: record.doubts,
    suspicious: record.doubts.length > 0 && record.answer === null && !isCurrent,
    passwordKnown: record.password_known,
    answer: record.answer,
  };
}
