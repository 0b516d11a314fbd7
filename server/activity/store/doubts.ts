/** From this score on people are asked whether a sign-in was theirs: where a risk counts as high. */
const SUSPICIOUS_FROM = 60;
/** So many failed tries right before a sign-in are a row: fewer are a forgotten password. */
const FAILURES_IN_A_ROW = 5;

/** The session of Gatehouse that the attempt `t` names: applications name any, and a text that is no id of ours must not become one. */
export const sessionOf = `CASE WHEN t.session_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN t.session_id::uuid END`;

const isOwn = `(SELECT kind FROM applications WHERE id = t.application_id) = 'gatehouse'`;
/** The browser had a token of an earlier sign-in of this person. Browsers of other applications aren't recognised. */
const recognised = `(${isOwn} AND EXISTS (SELECT FROM sessions b JOIN devices d ON d.id = b.device_id
  WHERE b.id = ${sessionOf} AND b.person_id = t.person_id AND d.first_seen_at < b.started_at))`;
const unseen = `(CASE WHEN ${isOwn} THEN NOT ${recognised} ELSE coalesce(t.signals @> '[{"kind": "new-device"}]', false) END)`;
const afterFailures = `jsonb_path_exists(t.signals, '$[*] ? (@.kind == "failures-then-success" && @.evidence.failures >= ${FAILURES_IN_A_ROW})')`;

/**
 * Why a person is asked whether the attempt `t` was theirs; empty where they are not. A score may be low where somebody sits at home
 * with the browser of most people: after a row of guesses, or with what only somebody who lost everything uses, they are asked all the same.
 */
export const doubts = `(CASE WHEN t.outcome <> 'success' THEN '{}' ELSE array_remove(ARRAY[
  CASE WHEN t.score >= ${SUSPICIOUS_FROM} THEN 'unusual' END,
  CASE WHEN ${afterFailures} AND NOT ${recognised} THEN 'after_failures' END,
  CASE WHEN t.factor = 'backup_code' AND ${unseen} THEN 'backup_code' END,
  CASE WHEN t.reason = 'account_recovered' AND ${unseen} THEN 'recovery' END], NULL) END)`;

const atSecondStep = `(t.outcome = 'challenge' OR t.reason IN ('wrong_code', 'passkey_failed', 'source_attacks')
  OR t.reason IN ('too_many_tries', 'factor_locked') AND t.factor NOT IN ('password', 'none'))`;
/** The second step was done after all, from where it was asked: people mistype a code. */
const wentOn = `EXISTS (SELECT FROM attempts g WHERE g.person_id = t.person_id AND g.application_id = t.application_id AND g.outcome = 'success'
  AND g.ip = t.ip AND g.os IS NOT DISTINCT FROM t.os AND g.browser IS NOT DISTINCT FROM t.browser
  AND g.occurred_at BETWEEN t.occurred_at AND t.occurred_at + interval '15 minutes')`;

/**
 * Whether the attempt `t` shows that somebody knows the password of its person: they came as far as the second step and no further, and
 * the password is still the same. Of connected applications it isn't known whether the password came first.
 */
export const passwordKnown = `(t.outcome <> 'success' AND ${atSecondStep} AND ${isOwn} AND NOT ${wentOn}
  AND NOT EXISTS (SELECT FROM people k WHERE k.id = t.person_id AND k.password_changed_at > t.occurred_at))`;
