import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The way that codes by SMS leave: one, or none. Its key is sealed. */
export class SmsGateway1764392000000 implements MigrationInterface {
  readonly name = 'SmsGateway1764392000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sms_gateway (
        id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
        settings jsonb NOT NULL,
        sealed text NOT NULL,
        prefixes text[] NOT NULL,
        per_day integer NOT NULL CHECK (per_day > 0),
        changed_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX notifications_texts ON notifications (created_at) WHERE kind = 'sign_in_code_by_sms';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX notifications_texts; DROP TABLE sms_gateway');
  }
}
