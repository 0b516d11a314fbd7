import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which key took over from a rotated one, so that a key is rotated once. */
export class ReplacedKeys1764371000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE application_keys ADD COLUMN replaced_by uuid REFERENCES application_keys ON DELETE SET NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE application_keys DROP COLUMN replaced_by');
  }
}
