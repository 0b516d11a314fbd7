import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
ALTER TABLE people ADD COLUMN password_changed_at timestamptz, ADD COLUMN password_change_required_at timestamptz;
UPDATE people SET password_changed_at = created_at WHERE password_hash IS NOT NULL;

-- Links that were mailed: only the hash of their token, used once.
CREATE TABLE account_links (
  token_hash bytea PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('reset_password', 'invitation', 'confirm_address')),
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  address_id uuid REFERENCES person_addresses ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX ON account_links (person_id);
CREATE INDEX ON account_links (expires_at);

-- Who asked for a new password, known or not: answered by a worker, so that the asker sees and times the same for both.
CREATE TABLE reset_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email_key text NOT NULL,
  ip inet NOT NULL,
  client text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now()
);
`;

export class AccountLinks1764200000000 implements MigrationInterface {
  readonly name = 'AccountLinks1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reset_requests');
    await runner.query('DROP TABLE account_links');
    await runner.query('ALTER TABLE people DROP COLUMN password_changed_at, DROP COLUMN password_change_required_at');
  }
}
