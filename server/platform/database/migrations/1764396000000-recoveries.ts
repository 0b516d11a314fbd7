import type { MigrationInterface, QueryRunner } from 'typeorm';

const purposes = ['reset_password', 'invitation', 'confirm_address'];
const allow = (list: readonly string[]): string => `
  ALTER TABLE account_links DROP CONSTRAINT account_links_purpose_check,
    ADD CONSTRAINT account_links_purpose_check CHECK (purpose IN (${list.map((one) => `'${one}'`).join(', ')}));`;

/** Ways back in for who lost every second factor: a wait, notices, and a link at its end. */
export class Recoveries1764396000000 implements MigrationInterface {
  readonly name = 'Recoveries1764396000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recoveries (
        id uuid PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
        started_at timestamptz NOT NULL DEFAULT now(),
        remind_at timestamptz,
        ready_at timestamptz NOT NULL,
        link_expires_at timestamptz,
        addresses text[] NOT NULL,
        ended_at timestamptz,
        ended_as text CHECK (ended_as IN ('completed', 'cancelled', 'expired')),
        CHECK ((ended_at IS NULL) = (ended_as IS NULL))
      );
      -- One at a time: asking again doesn't start the wait anew, nor shorten it.
      CREATE UNIQUE INDEX recoveries_open ON recoveries (person_id) WHERE ended_at IS NULL;
      CREATE INDEX recoveries_completed ON recoveries (person_id, ended_at) WHERE ended_as = 'completed';
      ALTER TABLE sign_in_policy ADD COLUMN recovery_hours smallint DEFAULT 72 CHECK (recovery_hours BETWEEN 24 AND 168);
      ${allow([...purposes, 'recover_account', 'cancel_recovery'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM account_links WHERE purpose IN ('recover_account', 'cancel_recovery');
      ${allow(purposes)}
      ALTER TABLE sign_in_policy DROP COLUMN recovery_hours;
      DROP TABLE recoveries;`);
  }
}
