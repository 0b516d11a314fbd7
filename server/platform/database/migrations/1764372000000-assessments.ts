import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was asked before sign-ins, what was answered, and what became of them. Rows live for a day and change in place. */
export class Assessments1764372000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assessments (
        id uuid PRIMARY KEY,
        application_id uuid NOT NULL,
        asked_at timestamptz NOT NULL DEFAULT now(),
        -- The sign-in as it was asked about, until it is answered.
        attempt text,
        decision text CHECK (decision IN ('allow', 'challenge', 'deny')),
        score smallint,
        level risk_level,
        reasons jsonb NOT NULL DEFAULT '[]',
        missing text[] NOT NULL DEFAULT '{}',
        policy_version integer,
        outcome attempt_outcome,
        attempt_id uuid,
        attempted_at timestamptz
      ) WITH (fillfactor = 60)`);
    await runner.query('CREATE INDEX assessments_asked ON assessments USING brin (asked_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE assessments');
  }
}
