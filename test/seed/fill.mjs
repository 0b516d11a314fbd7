import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { recountedMinutes, recountedTallies } from '../support/recount-tallies.mjs';
import { Company } from './company.mjs';

const DAY_MS = 86_400_000;
/** Sundays and Saturdays have this much of a working day. */
const WEEKEND = 0.25;
/** Bytes handed to PostgreSQL at a time. */
const PIECE = 256 * 1024;
/** Sessions of each person: open ones, and ended ones that lists still know. */
const SESSIONS = { open: 2, ended: 10 };
const ALERTS = { open: 40, resolved: 5_000 };

/**
 * Fills an empty installation: people, attempts over the days given, every count that scoring would have made of them, sessions
 * and alerts. Past the API and past scoring, for measurements alone.
 * @param {import('pg').Client} client
 * @param {{ attempts: number, people: number, days: number, seed: number, say: (line: string) => void }} size
 * @throws Error when somebody is there already
 */
export async function fill(client, { attempts, people, days, seed, say }) {
  await refuseUnlessEmpty(client);
  const company = new Company({ people, seed });
  await client.query('SET statement_timeout = 0');
  await client.query(`SET maintenance_work_mem = '512MB'`);
  await fillPeople(client, company);
  say(`${people} people`);
  const indexes = await dropIndexes(client);
  await fillAttempts(client, company, { attempts, days, say });
  for (const { name, definition } of indexes) {
    await client.query(definition);
    say(`index ${name}`);
  }
  await client.query(`INSERT INTO attempt_minutes ${recountedMinutes}`);
  await client.query(`INSERT INTO attempt_tallies ${recountedTallies}`);
  await client.query(`INSERT INTO attempt_hours (hour, application_id, outcome, attempts)
    SELECT date_trunc('hour', occurred_at), application_id, outcome, count(*) FROM attempts GROUP BY 1, 2, 3`);
  await client.query(
    `INSERT INTO hours_watched SELECT hour, ${people * SESSIONS.open} FROM (SELECT DISTINCT hour FROM attempt_hours) AS each ON CONFLICT DO NOTHING`,
  );
  say('counts');
  await fillSessions(client, company);
  await fillAlerts(client);
  await client.query('UPDATE installation SET set_up_at = coalesce(set_up_at, now())');
  await client.query('VACUUM ANALYZE');
  say('sessions and alerts, analysed');
}

async function refuseUnlessEmpty(client) {
  const { rows } = await client.query(
    `SELECT EXISTS (SELECT FROM attempts) OR (SELECT count(*) FROM people) > 1 OR EXISTS (SELECT FROM applications WHERE kind <> 'gatehouse') AS used`,
  );
  if (rows[0].used) throw new Error('This installation is in use: only an empty one is filled.');
}

async function fillPeople(client, { people, applications }) {
  await client.query(
    `INSERT INTO applications (id, name, name_key, kind, last_attempt_at) SELECT id, name, lower(name), 'connected', now() FROM unnest($1::uuid[], $2::text[]) AS a (id, name)`,
    [applications.map(({ id }) => id), applications.map(({ name }) => name)],
  );
  const columns = [people.map(({ id }) => id), people.map(({ name }) => name), people.map(({ email }) => email)];
  await client.query(
    `INSERT INTO people (id, name, email, role) SELECT *, 'user' FROM unnest($1::uuid[], $2::text[], $3::text[])`,
    columns,
  );
  await client.query(
    `INSERT INTO person_identifiers (value, kind, person_id) SELECT email, 'email', id FROM unnest($1::uuid[], $2::text[]) AS p (id, email)`,
    [columns[0], columns[2]],
  );
}

/** Filled without its indexes, a table of millions is filled several times as fast. */
async function dropIndexes(client) {
  const { rows } = await client.query(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'attempts' AND indexname <> 'attempts_pkey'`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ name, definition }) => ({ name, definition: definition.replace(' ON ONLY ', ' ON ') }));
}

const columns =
  'id, occurred_at, received_at, application_id, person_id, subject, outcome, reason, ip, asn, organisation, network_kind, country, city, latitude, longitude, accuracy_km, device, os, browser, factor, score, level, policy_version, simulated';

async function fillAttempts(client, company, { attempts, days, say }) {
  const now = Date.now();
  const today = now - (now % DAY_MS);
  const starts = Array.from({ length: days }, (_, index) => today - (days - 1 - index) * DAY_MS);
  const weights = starts.map((at) => ([0, 6].includes(new Date(at).getUTCDay()) ? WEEKEND : 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let done = 0;
  for (const [index, start] of starts.entries()) {
    const last = index === starts.length - 1;
    const count = last ? attempts - done : Math.round((attempts * weights[index]) / all);
    // Today's are those of a whole day, up to now.
    const lines = bytesOf(company.attemptsOf(start, Math.max(0, count), now));
    await pipeline(Readable.from(lines), client.query(copyFrom(`COPY attempts (${columns}) FROM STDIN`)));
    done += count;
    if (index % 10 === 9 || last) say(`${done} attempts`);
  }
}

function* bytesOf(attempts) {
  let text = '';
  for (const attempt of attempts) {
    text += lineOf(attempt);
    if (text.length > PIECE) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}

function lineOf({ at, applicationId, person, subject, outcome, reason, ip, source, kind, client, factor, score }) {
  const time = new Date(at).toISOString();
  const [device, os, browser] = client;
  return `${[
    idAt(at),
    time,
    time,
    applicationId,
    person?.id ?? null,
    subject,
    outcome,
    reason,
    ip,
    source.asn,
    source.organisation,
    kind,
    source.country,
    source.city,
    source.latitude,
    source.longitude,
    source.accuracyKm,
    device,
    os,
    browser,
    factor,
    score,
    score >= 85 ? 'critical' : score >= 60 ? 'high' : score >= 30 ? 'medium' : 'low',
    1,
    'f',
  ]
    .map((value) => value ?? '\\N')
    .join('\t')}\n`;
}

/** A version 7 id, which holds its time. */
function idAt(at) {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

async function fillSessions(client, { people }) {
  const lines = function* () {
    const now = Date.now();
    for (const [
      index,
      {
        id,
        city,
        office,
        client: [device, os, browser],
      },
    ] of people.entries())
      for (let number = 0; number < SESSIONS.open + SESSIONS.ended; number += 1) {
        const ended = number >= SESSIONS.open;
        const started = new Date(now - (number * 3 + (index % 24)) * 3_600_000 - 60_000).toISOString();
        const seen = new Date(now - (ended ? number : 0) * 3_600_000 - (index % 3_000) * 1_000).toISOString();
        const hash = createHash('sha256').update(`${id} ${number}`).digest('hex');
        const place = JSON.stringify({
          country: city.country,
          region: null,
          city: city.city,
          latitude: city.latitude,
          longitude: city.longitude,
          accuracyKm: city.accuracyKm,
        });
        const network = JSON.stringify({ asn: city.asn, organisation: city.organisation, kind: 'residential' });
        yield `${[randomUUID(), `\\\\x${hash}`, id, 1, '{pwd}', device, os ?? '\\N', browser ?? '\\N', office, place, network, started, seen, '12 hours', new Date(now + DAY_MS * 7).toISOString(), ended ? seen : '\\N', ended ? 'signed_out' : '\\N'].join('\t')}\n`;
      }
  };
  await pipeline(
    Readable.from(lines()),
    client.query(
      copyFrom(
        'COPY sessions (id, token_hash, person_id, aal, amr, device, os, browser, ip, place, network, started_at, last_seen_at, idle_limit, expires_at, ended_at, end_reason) FROM STDIN',
      ),
    ),
  );
}

async function fillAlerts(client) {
  const evidence = {
    attempts: 5,
    failures: 4,
    successes: 1,
    subjects: 1,
    addresses: 1,
    topSubjects: [],
    topAddresses: [],
  };
  await client.query(
    `INSERT INTO alerts (id, kind, severity, status, dedup_key, subject, person_id, ip, score, evidence, first_at, last_at, raised_at, resolved_at)
     SELECT gen_random_uuid(), 'suspicious-sign-in', (CASE WHEN n % 50 = 0 THEN 'critical' WHEN n % 5 = 0 THEN 'high' ELSE 'medium' END)::risk_level,
       CASE WHEN n <= $2 THEN 'new' ELSE 'resolved' END, 'seed-' || n, p.name, p.id, '203.0.1.7', 70, $3::jsonb, at, at, at, CASE WHEN n > $2 THEN at END
     FROM generate_series(1, $1::int) AS n
     CROSS JOIN LATERAL (SELECT now() - n * interval '20 minutes' AS at) AS t
     JOIN (SELECT id, name, row_number() OVER (ORDER BY id) AS place FROM people WHERE role = 'user') AS p
       ON p.place = n % (SELECT count(*) FROM people WHERE role = 'user') + 1`,
    [ALERTS.open + ALERTS.resolved, ALERTS.open, JSON.stringify(evidence)],
  );
}
