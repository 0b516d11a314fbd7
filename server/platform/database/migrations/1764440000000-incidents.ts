import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
CREATE TABLE incidents (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  severity risk_level NOT NULL,
  kinds text[] NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  failures bigint NOT NULL DEFAULT 0,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT now(),
  -- Which alert stands for it in lists: the first one.
  lead_id uuid,
  simulated boolean NOT NULL
);
CREATE INDEX incidents_opened ON incidents (opened_at DESC, id);
ALTER TABLE alerts ADD COLUMN incident_id uuid REFERENCES incidents ON DELETE SET NULL;
CREATE INDEX alerts_incident ON alerts (incident_id, number) WHERE incident_id IS NOT NULL;
-- What was found in it, also where that is not shown as an alert of its own.
CREATE TABLE incident_causes (
  dedup_key text PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES incidents ON DELETE CASCADE
);
CREATE INDEX ON incident_causes (incident_id);
CREATE TABLE incident_sources (
  incident_id uuid NOT NULL REFERENCES incidents ON DELETE CASCADE,
  ip inet NOT NULL,
  asn bigint,
  organisation text,
  country text,
  attempts bigint NOT NULL,
  failures bigint NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, ip)
);
CREATE TABLE incident_subjects (
  incident_id uuid NOT NULL REFERENCES incidents ON DELETE CASCADE,
  -- A person's id, or a name that nobody has.
  subject text NOT NULL,
  attempts bigint NOT NULL,
  failures bigint NOT NULL,
  got_in_at timestamptz,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (incident_id, subject)
);
CREATE INDEX incident_subjects_in ON incident_subjects (incident_id) WHERE got_in_at IS NOT NULL;
CREATE TABLE incident_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES incidents ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  person_id uuid REFERENCES people ON DELETE SET NULL,
  detail jsonb
);
CREATE INDEX ON incident_events (incident_id, id);
CREATE TABLE throttled_sources (
  ip inet PRIMARY KEY,
  incident_id uuid REFERENCES incidents ON DELETE SET NULL,
  until timestamptz NOT NULL
);
CREATE INDEX ON throttled_sources (until);`;

/** Alerts that count the same attempts belong to one incident, with everybody who was tried and every source. */
export class Incidents1764440000000 implements MigrationInterface {
  readonly name = 'Incidents1764440000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE throttled_sources, incident_events, incident_subjects, incident_sources, incident_causes;
      ALTER TABLE alerts DROP COLUMN incident_id;
      DROP TABLE incidents;`);
  }
}
