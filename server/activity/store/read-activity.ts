import type { ActivityFilter, SignInAnswer, SignInDoubt } from '../../contracts/activity.js';
import { ACTIVITY_DAYS } from '../../contracts/activity.js';
import type { Factor, Outcome } from '../../contracts/attempts.js';
import type { DeviceClass, NetworkKind, Signal } from '../../contracts/detection.js';
import { instantOf } from '../../platform/clock.js';
import type { Queryable } from '../../platform/database/data-source.js';
import { doubts, passwordKnown, sessionOf } from './doubts.js';

export type ActivityRecord = {
  id: string;
  occurred_at: Date;
  outcome: Outcome;
  reason: string | null;
  factor: Factor | null;
  application_id: string;
  application_name: string;
  subject: string;
  ip: string;
  asn: string | null;
  organisation: string | null;
  network_kind: NetworkKind;
  country: string | null;
  region: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
  accuracy_km: number | null;
  device: DeviceClass;
  os: string | null;
  browser: string | null;
  score: number;
  doubts: SignInDoubt[];
  password_known: boolean;
  signals: Signal[] | null;
  simulated: boolean;
  answer: SignInAnswer | null;
  /** Of Gatehouse's own sessions, and of this very person. */
  session_id: string | null;
  session_ended_at: Date | null;
};

const columns = `
  t.id, t.occurred_at, t.outcome, t.reason, t.factor, t.application_id, coalesce(a.name, 'Removed application') AS application_name, t.subject,
  host(t.ip) AS ip, t.asn, t.organisation, t.network_kind, t.country, t.region, t.city, t.latitude, t.longitude, t.accuracy_km, t.device, t.os, t.browser,
  t.score, ${doubts} AS doubts, coalesce(${passwordKnown}, false) AS password_known, t.signals, t.simulated, n.answer, s.id AS session_id, s.ended_at AS session_ended_at`;
const joins = `
  LEFT JOIN applications a ON a.id = t.application_id LEFT JOIN sign_in_answers n ON n.attempt_id = t.id
  LEFT JOIN sessions s ON s.person_id = t.person_id AND a.kind = 'gatehouse' AND s.id = ${sessionOf}`;

const kept = `t.person_id = $1 AND t.occurred_at > now() - interval '${ACTIVITY_DAYS} days'`;
// One that was only asked may be the own one, given up.
const failedSecondStep = `t.outcome IN ('failure', 'blocked') AND ${passwordKnown} AND NOT EXISTS (SELECT FROM sign_in_answers u WHERE u.attempt_id = t.id)`;
const newDevice = `t.outcome = 'success' AND t.signals @> '[{"kind": "new-device"}]'`;
// `$4`: the session that asks. Nobody is asked about it: whoever got in with it would answer.
const unanswered = `t.outcome = 'success' AND cardinality(${doubts}) > 0 AND t.session_id IS DISTINCT FROM $4::text
  AND NOT EXISTS (SELECT FROM sign_in_answers u WHERE u.attempt_id = t.id)`;
// `$2` and `$3`: the words, each with the countries of that name.
const named = `NOT EXISTS (SELECT FROM unnest($2::text[], $3::text[]) AS w (pattern, countries)
  WHERE concat_ws(' ', host(t.ip), t.city, t.region, t.organisation, t.browser, t.os, t.device, t.factor,
      (SELECT name FROM applications WHERE id = t.application_id)) NOT ILIKE w.pattern
    AND (t.country = ANY(string_to_array(w.countries, ','))) IS NOT TRUE)`;
const shown: Record<ActivityFilter['show'], string> = {
  all: 'true',
  successful: `t.outcome = 'success'`,
  failed: `t.outcome IN ('failure', 'blocked')`,
  new_device: newDevice,
  unanswered,
};

/** A word to be found, as a pattern of SQL, and the countries whose name has it, as their codes with commas. */
export type SoughtWord = { pattern: string; countries: string };
/** What is looked for: a kind of attempt, and words that must all be in it. */
export type Sought = { show: ActivityFilter['show']; words: readonly SoughtWord[] };

/** Whose activity is read, in which session. */
export type Reader = { personId: string; sessionId: string };

/** Attempts on a person's account, newest first, that come after a position. */
export async function readActivity(
  database: Queryable,
  { personId, sessionId }: Reader,
  { show, words }: Sought,
  after: { at: string; id: string } | undefined,
  limit: number,
): Promise<ActivityRecord[]> {
  return database.query<ActivityRecord[]>(
    `SELECT ${columns} FROM (SELECT * FROM attempts t WHERE ${kept} AND ${shown[show]} AND ${named}
       AND $4::text IS NOT NULL
       AND ($5::timestamptz IS NULL OR (t.occurred_at, t.id) < ($5, $6::uuid)) ORDER BY t.occurred_at DESC, t.id DESC LIMIT $7) t ${joins}
     ORDER BY t.occurred_at DESC, t.id DESC`,
    [personId, ...wordLists(words), sessionId, after?.at ?? null, after?.id ?? null, limit],
  );
}

const wordLists = (words: readonly SoughtWord[]): [string[], string[]] => [
  words.map(({ pattern }) => pattern),
  words.map(({ countries }) => countries),
];

/** One attempt on a person's account. Its id holds its time, which names the partition. */
export async function readOwnAttempt(
  database: Queryable,
  personId: string,
  id: string,
): Promise<ActivityRecord | undefined> {
  const [row] = await database.query<ActivityRecord[]>(
    `SELECT ${columns} FROM attempts t ${joins} WHERE ${kept} AND t.occurred_at = $2 AND t.id = $3`,
    [personId, new Date(instantOf(id)), id],
  );
  return row;
}

/** Whether its person can say whose it was: who got in, or knew the password. An answer once given may still change. */
export const isAnswerable = ({ outcome, password_known: known, answer }: ActivityRecord): boolean =>
  outcome === 'success' || known || answer !== null;

export type ActivityTally = {
  all: number;
  successful: number;
  failed: number;
  newDevice: number;
  suspicious: number;
  passwordKnown: number;
};

export async function countActivity(
  database: Queryable,
  { personId, sessionId }: Reader,
  words: readonly SoughtWord[],
): Promise<ActivityTally> {
  const [row] = await database.query<ActivityTally[]>(
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE ${shown.successful})::int AS successful, count(*) FILTER (WHERE ${shown.failed})::int AS failed,
       count(*) FILTER (WHERE ${newDevice})::int AS "newDevice",
       count(*) FILTER (WHERE ${unanswered})::int AS suspicious,
       count(*) FILTER (WHERE ${failedSecondStep})::int AS "passwordKnown"
     FROM attempts t WHERE ${kept} AND ${named}`,
    [personId, ...wordLists(words), sessionId],
  );
  return row ?? { all: 0, successful: 0, failed: 0, newDevice: 0, suspicious: 0, passwordKnown: 0 };
}
