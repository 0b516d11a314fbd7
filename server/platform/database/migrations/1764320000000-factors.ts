import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- What proves who somebody is, besides the password. Rows are marked when removed, never deleted: what was ever bound stays known.
CREATE TABLE authenticators (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('totp', 'passkey', 'backup_codes', 'email', 'sms')),
  name text NOT NULL,
  secret text,
  salt bytea,
  last_step bigint,
  failures smallint NOT NULL DEFAULT 0,
  retry_at timestamptz,
  preferred boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  last_used_at timestamptz,
  removed_at timestamptz
);
CREATE INDEX ON authenticators (person_id);
-- Of everything but passkeys a person has one, and perhaps its successor that is being set up.
CREATE UNIQUE INDEX authenticators_one ON authenticators (person_id, kind, (confirmed_at IS NULL)) WHERE removed_at IS NULL AND kind <> 'passkey';

CREATE TABLE passkeys (
  authenticator_id uuid PRIMARY KEY REFERENCES authenticators ON DELETE CASCADE,
  credential_id text NOT NULL UNIQUE,
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL,
  transports text[] NOT NULL,
  aaguid uuid NOT NULL,
  backed_up boolean NOT NULL
);
CREATE TABLE passkey_challenges (
  challenge text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('register', 'sign_in', 'confirm')),
  bound_to uuid,
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON passkey_challenges (expires_at);
CREATE TABLE backup_codes (
  authenticator_id uuid NOT NULL REFERENCES authenticators ON DELETE CASCADE,
  hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (authenticator_id, hash)
);
CREATE TABLE sent_codes (
  id uuid PRIMARY KEY,
  authenticator_id uuid NOT NULL REFERENCES authenticators ON DELETE CASCADE,
  bound_to uuid NOT NULL,
  hash bytea NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX ON sent_codes (authenticator_id, sent_at DESC);

-- Sign-ins under way: what was proved so far. No session exists before everything is.
CREATE TABLE sign_ins (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  proofs text[] NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON sign_ins (person_id);
CREATE INDEX ON sign_ins (expires_at);

ALTER TABLE sessions
  ADD COLUMN proofs text[] NOT NULL DEFAULT '{password}',
  ADD COLUMN proved_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN proved_strength smallint NOT NULL DEFAULT 0,
  ADD COLUMN confined_to text;

CREATE TABLE sign_in_policy (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  required_roles text[] NOT NULL DEFAULT '{}',
  required_since timestamptz NOT NULL DEFAULT now(),
  grace_days smallint NOT NULL DEFAULT 14 CHECK (grace_days BETWEEN 0 AND 90),
  strict boolean NOT NULL DEFAULT false
);
INSERT INTO sign_in_policy DEFAULT VALUES;
`;

const tables = [
  'sign_in_policy',
  'sign_ins',
  'sent_codes',
  'backup_codes',
  'passkey_challenges',
  'passkeys',
  'authenticators',
];

export class Factors1764320000000 implements MigrationInterface {
  readonly name = 'Factors1764320000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
    await runner.query(
      'ALTER TABLE sessions DROP COLUMN proofs, DROP COLUMN proved_at, DROP COLUMN proved_strength, DROP COLUMN confined_to',
    );
  }
}
