import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- Counts for the figures of the last hour and its twin a week before.
CREATE TABLE attempt_minutes (
  minute timestamptz NOT NULL,
  application_id uuid NOT NULL,
  outcome attempt_outcome NOT NULL,
  attempts integer NOT NULL,
  PRIMARY KEY (minute, application_id, outcome)
);
-- Who, from where and why: one row for each value in an hour. After two weeks the hours of a day become one row, that of its first hour.
CREATE TABLE attempt_tallies (
  dimension text NOT NULL,
  application_id uuid NOT NULL,
  outcome attempt_outcome NOT NULL,
  bucket timestamptz NOT NULL,
  -- A person's id, an address, the number of a network, a country, a place or a reason; '' where it is not known.
  value text NOT NULL,
  attempts integer NOT NULL,
  critical integer NOT NULL,
  PRIMARY KEY (dimension, application_id, outcome, bucket, value)
) WITH (fillfactor = 90);
-- Hours during which a worker looked, so that nothing recorded means nothing happened; and how many sessions were open at the end.
CREATE TABLE hours_watched (
  hour timestamptz PRIMARY KEY,
  open_sessions integer NOT NULL
);
CREATE INDEX attempts_country ON attempts (country, occurred_at);
CREATE INDEX attempts_application ON attempts (application_id, occurred_at);

INSERT INTO attempt_minutes
  SELECT date_trunc('minute', occurred_at), application_id, outcome, count(*) FROM attempts
  WHERE occurred_at > now() - interval '8 days' GROUP BY 1, 2, 3;
INSERT INTO attempt_tallies
  SELECT v.dimension, a.application_id, a.outcome,
    date_trunc(CASE WHEN a.occurred_at < date_trunc('day', now() - interval '15 days', 'UTC') THEN 'day' ELSE 'hour' END, a.occurred_at, 'UTC'),
    v.value, count(*), count(*) FILTER (WHERE a.level = 'critical')
  FROM attempts a CROSS JOIN LATERAL (VALUES
    ('person', CASE WHEN a.outcome <> 'success' THEN a.person_id::text END),
    ('address', CASE WHEN a.outcome <> 'success' THEN CASE family(a.ip) WHEN 4 THEN host(a.ip) ELSE network(set_masklen(a.ip, 64))::text END END),
    ('reason', CASE WHEN a.outcome <> 'success' THEN coalesce(a.reason, '') END),
    ('network', coalesce(a.asn::text, '')),
    ('country', coalesce(a.country, '')),
    ('place', CASE WHEN a.latitude IS NULL THEN '' ELSE concat_ws('|', a.country, a.latitude, a.longitude, a.accuracy_km, coalesce(a.city, '')) END)
  ) AS v (dimension, value)
  WHERE v.value IS NOT NULL GROUP BY 1, 2, 3, 4, 5;`;

/** What the overview reads instead of the attempts: counts by minute, and by who, where and why. */
export class AttemptTallies1764451058000 implements MigrationInterface {
  readonly name = 'AttemptTallies1764451058000';

  async up(runner: QueryRunner): Promise<void> {
    // Counting what is there already reads every attempt.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX attempts_application, attempts_country;
      DROP TABLE hours_watched, attempt_tallies, attempt_minutes;`);
  }
}
