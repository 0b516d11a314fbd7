import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- Browsers that a person signed in with. One browser of several people has a row for each, under the same hash.
CREATE TABLE devices (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  token_hash bytea NOT NULL,
  name text,
  device device_class NOT NULL,
  os text,
  browser text,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  trusted_until timestamptz,
  removed_at timestamptz
);
CREATE INDEX ON devices (token_hash) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX devices_of_person ON devices (person_id, token_hash) WHERE removed_at IS NULL;

ALTER TABLE sessions ADD COLUMN device_id uuid REFERENCES devices ON DELETE SET NULL, ADD COLUMN shared boolean NOT NULL DEFAULT false;
CREATE INDEX sessions_device ON sessions (device_id) WHERE device_id IS NOT NULL;
ALTER TABLE sign_ins ADD COLUMN shared boolean NOT NULL DEFAULT false;
ALTER TABLE sign_in_policy ADD COLUMN trust_days smallint NOT NULL DEFAULT 30 CHECK (trust_days BETWEEN 0 AND 90);
`;

const down = `
ALTER TABLE sign_in_policy DROP COLUMN trust_days;
ALTER TABLE sign_ins DROP COLUMN shared;
ALTER TABLE sessions DROP COLUMN device_id, DROP COLUMN shared;
DROP TABLE devices;
`;

export class Devices1764340200000 implements MigrationInterface {
  readonly name = 'Devices1764340200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
