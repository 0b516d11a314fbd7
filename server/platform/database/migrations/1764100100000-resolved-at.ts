import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an alert was resolved, for the time it took and for what was handled today. */
export class ResolvedAt1764100100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alerts ADD COLUMN resolved_at timestamptz');
    await runner.query(
      `UPDATE alerts a SET resolved_at = (SELECT max(at) FROM alert_events e WHERE e.alert_id = a.id AND e.kind = 'resolved')
       WHERE a.status = 'resolved'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alerts DROP COLUMN resolved_at');
  }
}
