import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Critical messages that come close together are told in one. */
export class GatheredMessages1764457980873 implements MigrationInterface {
  readonly name = 'GatheredMessages1764457980873';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE notifications ADD COLUMN critical boolean NOT NULL DEFAULT false');
    await runner.query('CREATE INDEX notifications_critical ON notifications (person_id, created_at) WHERE critical');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX notifications_critical');
    await runner.query('ALTER TABLE notifications DROP COLUMN critical');
  }
}
