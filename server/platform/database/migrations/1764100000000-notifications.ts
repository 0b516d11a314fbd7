import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- Further addresses of a person, beside people.email; only confirmed ones are written to.
CREATE TABLE person_addresses (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  address text NOT NULL,
  address_key text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  UNIQUE (person_id, address_key)
);
-- Before it is confirmed anybody may claim an address; afterwards it is one person's.
CREATE UNIQUE INDEX person_addresses_confirmed ON person_addresses (address_key) WHERE confirmed_at IS NOT NULL;

-- Messages on their way out, one row an address. The secret of a message (code, token) is sealed and wiped once it is delivered.
CREATE TABLE notifications (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  kind text NOT NULL,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  recipient text NOT NULL,
  dedup_key text NOT NULL,
  payload jsonb NOT NULL,
  sealed text,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'bounced')),
  tries smallint NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  next_try_at timestamptz DEFAULT now(),
  sent_at timestamptz,
  UNIQUE (dedup_key, recipient)
);
CREATE INDEX notifications_due ON notifications (next_try_at) WHERE state = 'queued';
CREATE INDEX notifications_created ON notifications (created_at DESC, id);
CREATE INDEX notifications_person ON notifications (person_id);
`;

export class Notifications1764100000000 implements MigrationInterface {
  readonly name = 'Notifications1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notifications');
    await runner.query('DROP TABLE person_addresses');
  }
}
