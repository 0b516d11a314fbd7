import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts that failed for a reason, found without reading all that went well. Few rows have one, so that it costs scoring little. */
export class AttemptsByReason1764455132000 implements MigrationInterface {
  readonly name = 'AttemptsByReason1764455132000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX attempts_reason ON attempts (reason, occurred_at) WHERE reason IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attempts_reason');
  }
}
