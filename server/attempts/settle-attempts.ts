import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { toNovelties } from '../activity/activity-view.js';
import type { Risk } from '../contracts/detection.js';
import type { EnrichedAttempt } from '../detection/domain/enriched-attempt.js';
import type { AcceptedAttempt } from './domain/packed-attempts.js';
import { copyLine } from './domain/copy-line.js';

/** An attempt after judging, ready to be stored in its final form. */
export type ScoredAttempt = { accepted: AcceptedAttempt; enriched: EnrichedAttempt; risk: Risk; simulated: boolean };

const columns = [
  'id',
  'occurred_at',
  'received_at',
  'application_id',
  'person_id',
  'subject',
  'outcome',
  'reason',
  'ip',
  'asn',
  'organisation',
  'network_kind',
  'country',
  'region',
  'city',
  'latitude',
  'longitude',
  'accuracy_km',
  'device',
  'os',
  'browser',
  'user_agent',
  'factor',
  'device_id',
  'session_id',
  'correlation_id',
  'password_fingerprint',
  'attributes',
  'score',
  'level',
  'signals',
  'missing',
  'policy_version',
  'simulated',
];

/** Writes scored attempts in one COPY, each once and in its final form. */
export async function storeAttempts(client: PoolClient, scored: readonly ScoredAttempt[]): Promise<void> {
  if (scored.length === 0) return;
  await pipeline(
    Readable.from(linesAsBytes(scored)),
    client.query(copyFrom(`COPY attempts (${columns.join(', ')}) FROM STDIN`)),
  );
}

/** Size of the pieces that go to PostgreSQL, in bytes. */
const PIECE = 256 * 1024;

/** Encodes line by line: one string of all of them costs seven times as much, most of it in the garbage collector. */
function* linesAsBytes(scored: readonly ScoredAttempt[]): Generator<Buffer> {
  let piece = Buffer.allocUnsafe(PIECE);
  let used = 0;
  for (const each of scored) {
    const line = lineOf(each);
    // UTF-8 takes at most three bytes for what is one character in JavaScript.
    const room = line.length * 3;
    if (used + room > piece.length) {
      if (used > 0) yield piece.subarray(0, used);
      piece = Buffer.allocUnsafe(Math.max(PIECE, room));
      used = 0;
    }
    used += piece.write(line, used);
  }
  if (used > 0) yield piece.subarray(0, used);
}

function lineOf({ accepted, enriched, risk, simulated }: ScoredAttempt): string {
  const { network, place, client } = enriched;
  return copyLine([
    enriched.id,
    isoOf(enriched.occurredAt),
    isoOfReceived(accepted.receivedAt),
    enriched.applicationId,
    enriched.personId,
    accepted.subject,
    enriched.outcome,
    enriched.reason,
    enriched.ip,
    network.asn,
    network.organisation,
    network.kind,
    place?.country,
    place?.region,
    place?.city,
    place?.latitude,
    place?.longitude,
    place?.accuracyKm,
    client.device,
    client.os,
    client.browser,
    enriched.userAgent,
    enriched.factor,
    enriched.deviceId,
    enriched.sessionId,
    accepted.correlationId,
    enriched.passwordFingerprint,
    accepted.attributes === undefined ? null : JSON.stringify(accepted.attributes),
    risk.score,
    risk.level,
    risk.signals.length === 0 ? null : JSON.stringify(risk.signals),
    risk.missing.length === 0 ? null : `{${risk.missing.join(',')}}`,
    risk.policyVersion,
    simulated,
  ]);
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

let lastReceived = { at: 0, iso: isoOf(0) };
/** Attempts of one request arrived at one time, so the text for the last one nearly always does. */
function isoOfReceived(at: number): string {
  if (lastReceived.at !== at) lastReceived = { at, iso: isoOf(at) };
  return lastReceived.iso;
}

/** Gives our own sessions the place and network found for their sign-in, and what was new about it; only this process has the databases for it. */
export async function placeSessions(
  client: PoolClient,
  scored: readonly ScoredAttempt[],
  ownApplicationId: string,
): Promise<void> {
  const own = scored.filter(
    ({ enriched }) => enriched.applicationId === ownApplicationId && enriched.sessionId !== null,
  );
  if (own.length === 0) return;
  await client.query({
    name: 'place-sessions',
    text: `UPDATE sessions s SET place = n.place, network = n.network, novelties = string_to_array(n.novelties, ',')
      FROM unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::text[]) AS n (id, place, network, novelties) WHERE s.id = n.id`,
    values: [
      own.map(({ enriched }) => enriched.sessionId),
      own.map(({ enriched }) => (enriched.place ? JSON.stringify(enriched.place) : null)),
      own.map(({ enriched }) => JSON.stringify(enriched.network)),
      own.map(({ risk }) => toNovelties(risk.signals).join(',')),
    ],
  });
}
