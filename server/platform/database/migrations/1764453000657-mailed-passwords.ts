import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a password of a two-step account was set by a mailed link, as long as no second factor was shown together with it. */
export class MailedPasswords1764453000657 implements MigrationInterface {
  readonly name = 'MailedPasswords1764453000657';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE people ADD COLUMN password_mailed_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE people DROP COLUMN password_mailed_at');
  }
}
