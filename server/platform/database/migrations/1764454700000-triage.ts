import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
ALTER TABLE alerts DROP CONSTRAINT alerts_status_check;
ALTER TABLE alerts ADD CONSTRAINT alerts_status_check CHECK (status IN ('new', 'in_progress', 'on_hold', 'resolved', 'closed')),
  -- Means something while it is on hold; how many attempts it had then.
  ADD COLUMN held_until timestamptz, ADD COLUMN held_attempts integer,
  -- Which alert stands for it since somebody merged the two; that one is part of no other.
  ADD COLUMN merged_into uuid REFERENCES alerts ON DELETE SET NULL;
DROP INDEX alerts_open;
CREATE INDEX alerts_open ON alerts (severity DESC, raised_at DESC, id) WHERE status NOT IN ('resolved', 'closed');
CREATE INDEX alerts_held ON alerts (held_until) WHERE status = 'on_hold';
CREATE INDEX alerts_merged ON alerts (merged_into) WHERE merged_into IS NOT NULL;

-- Each merger, with what it moved, so that it can be taken back.
CREATE TABLE alert_merges (
  id uuid PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  into_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  moved jsonb NOT NULL,
  merged_at timestamptz NOT NULL DEFAULT now(),
  undone_at timestamptz
);
CREATE INDEX ON alert_merges (alert_id, merged_at);
CREATE INDEX ON alert_merges (into_id);

-- What is not alerted on again for a person until a day: a kind of alert, from these networks and addresses alone.
CREATE TABLE alert_mutes (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  kind text NOT NULL,
  asns bigint[] NOT NULL,
  addresses inet[] NOT NULL,
  -- As people read them.
  sources text[] NOT NULL,
  reason text NOT NULL,
  alert_id uuid REFERENCES alerts ON DELETE SET NULL,
  by_id uuid REFERENCES people ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  until timestamptz NOT NULL,
  kept_quiet integer NOT NULL DEFAULT 0,
  last_at timestamptz
);
CREATE INDEX alert_mutes_person ON alert_mutes (person_id, kind);
CREATE INDEX alert_mutes_created ON alert_mutes (created_at DESC, id);
CREATE INDEX ON alert_mutes (alert_id) WHERE alert_id IS NOT NULL;

-- What was done against an attack, in one go, and what of it was taken back.
CREATE TABLE containments (
  id uuid PRIMARY KEY,
  alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
  by_id uuid REFERENCES people ON DELETE SET NULL,
  by_name text NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  sources integer NOT NULL DEFAULT 0,
  throttled_until timestamptz,
  -- Whether it closed the alert as the attack that it was.
  resolved boolean NOT NULL DEFAULT false,
  undone_at timestamptz
);
CREATE INDEX ON containments (alert_id, begun_at);
CREATE TABLE containment_people (
  containment_id uuid NOT NULL REFERENCES containments ON DELETE CASCADE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  sessions_ended integer NOT NULL,
  password_required boolean NOT NULL,
  note text,
  revocation_id uuid,
  PRIMARY KEY (containment_id, person_id)
);
CREATE INDEX ON containment_people (person_id);
ALTER TABLE throttled_sources ADD COLUMN containment_id uuid REFERENCES containments ON DELETE SET NULL;
CREATE INDEX ON throttled_sources (containment_id) WHERE containment_id IS NOT NULL;`;

/** Triage: putting off, merging, muting and containing alerts, each with what is needed to take it back. */
export class Triage1764454700000 implements MigrationInterface {
  readonly name = 'Triage1764454700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE throttled_sources DROP COLUMN containment_id;
      DROP TABLE containment_people, containments, alert_mutes, alert_merges;
      DROP INDEX alerts_open;
      UPDATE alerts SET status = CASE status WHEN 'closed' THEN 'resolved' WHEN 'on_hold' THEN 'in_progress' ELSE status END;
      ALTER TABLE alerts DROP CONSTRAINT alerts_status_check, DROP COLUMN held_until, DROP COLUMN held_attempts, DROP COLUMN merged_into;
      ALTER TABLE alerts ADD CONSTRAINT alerts_status_check CHECK (status IN ('new', 'in_progress', 'resolved'));
      CREATE INDEX alerts_open ON alerts (severity DESC, raised_at DESC, id) WHERE status <> 'resolved';`);
  }
}
