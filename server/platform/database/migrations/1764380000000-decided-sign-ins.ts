import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A sign-in under way remembers what was decided about it, so that its last step can report the outcome. */
export class DecidedSignIns1764380000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_ins ADD COLUMN assessment_id uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_ins DROP COLUMN assessment_id');
  }
}
