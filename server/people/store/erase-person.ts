import type { EntityManager } from 'typeorm';

/** Attempts made before a name was somebody's have no index by lower case: looking through years of them takes a while. */
const SEARCH_LIMIT = '10min';

/** Every name by which attempts may mean this person, in the form in which names are compared. */
export async function namesOf(tx: EntityManager, id: string): Promise<string[]> {
  const rows = await tx.query<{ value: string }[]>(
    'SELECT value FROM person_identifiers WHERE person_id = $1 UNION SELECT address_key FROM person_addresses WHERE person_id = $1',
    [id],
  );
  return rows.map(({ value }) => value);
}

/** Takes person and name out of attempts, which stay as facts about addresses and applications. @returns of how many */
export async function unnameAttempts(
  tx: EntityManager,
  id: string,
  names: readonly string[],
  alias: string,
): Promise<number> {
  await tx.query(`SET LOCAL statement_timeout = '${SEARCH_LIMIT}'`);
  const [, attempts] = await tx.query<[unknown, number]>(
    `UPDATE attempts SET person_id = NULL, subject = $2, user_agent = NULL, device_id = NULL, attributes = NULL, password_fingerprint = NULL
     WHERE person_id = $1 OR (person_id IS NULL AND lower(subject) = ANY($3))`,
    [id, alias, names],
  );
  return attempts;
}

/** Deletes the person with everything that hangs on them, and the names in alerts. */
export async function erasePerson(
  tx: EntityManager,
  id: string,
  names: readonly string[],
  alias: string,
): Promise<void> {
  await tx.query(
    `UPDATE alerts SET person_id = NULL, subject = $2 WHERE person_id = $1 OR (person_id IS NULL AND lower(subject) = ANY($3))`,
    [id, alias, names],
  );
  await tx.query(renameInEvidence, [alias, [id, ...names]]);
  await tx.query(renameInIncidents, [alias, [id, ...names]]);
  await tx.query(
    `DELETE FROM profiles WHERE subject_key = $1 OR subject_key IN (SELECT a.id || ':' || own.value FROM applications a, unnest($2::text[]) AS own (value))`,
    [id, names],
  );
  await tx.query(`DELETE FROM attempt_tallies WHERE dimension = 'person' AND value = $1`, [id]);
  await tx.query('DELETE FROM reset_requests WHERE email_key = ANY($1)', [names]);
  // Sessions, identifiers, addresses, links and messages go with the row.
  await tx.query('DELETE FROM people WHERE id = $1', [id]);
}

const renameInEvidence = `
  UPDATE alerts SET evidence = jsonb_set(evidence, '{topSubjects}', (
    SELECT jsonb_agg(CASE WHEN lower(s->>'value') = ANY($2) THEN jsonb_set(s, '{value}', to_jsonb($1::text)) ELSE s END ORDER BY place)
    FROM jsonb_array_elements(evidence->'topSubjects') WITH ORDINALITY AS each (s, place)))
  WHERE EXISTS (SELECT FROM jsonb_array_elements(evidence->'topSubjects') AS s WHERE lower(s->>'value') = ANY($2))`;

/** What was tried as several of their names is one line afterwards, as the counts of an incident are by name. */
const renameInIncidents = `
  WITH theirs AS (DELETE FROM incident_subjects WHERE subject = ANY($2) OR lower(subject) = ANY($2) RETURNING *)
  INSERT INTO incident_subjects (incident_id, subject, attempts, failures, got_in_at, last_at)
  SELECT incident_id, $1, sum(attempts), sum(failures), min(got_in_at), max(last_at) FROM theirs GROUP BY incident_id`;
