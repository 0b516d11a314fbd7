import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Backup codes name the pepper they were hashed with, as passwords do, so that the secret can be changed. */
export class PepperIds1764395000000 implements MigrationInterface {
  readonly name = 'PepperIds1764395000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE authenticators ADD COLUMN pepper_id text');
    await runner.query(`UPDATE authenticators SET pepper_id = 'p1' WHERE kind = 'backup_codes'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE authenticators DROP COLUMN pepper_id');
  }
}
