import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which passwords have fewer characters than one that opens an account alone, as a second factor was enforced when they were set. */
export class ShortPasswords1764455837043 implements MigrationInterface {
  readonly name = 'ShortPasswords1764455837043';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE people ADD COLUMN password_short boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE people DROP COLUMN password_short');
  }
}
