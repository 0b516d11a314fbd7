import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long sessions of an assurance level live, beside the limits by role; at first none is shorter than a role's may be. */
export class LevelRules1764456012045 implements MigrationInterface {
  readonly name = 'LevelRules1764456012045';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE level_rules (
        level smallint PRIMARY KEY CHECK (level IN (1, 2)),
        idle_minutes integer NOT NULL CHECK (idle_minutes >= 5),
        absolute_minutes integer NOT NULL CHECK (absolute_minutes BETWEEN 60 AND 43200),
        CHECK (idle_minutes <= absolute_minutes)
      );
      INSERT INTO level_rules (level, idle_minutes, absolute_minutes) VALUES (1, 43200, 43200), (2, 43200, 43200);
      ALTER TABLE sessions ADD COLUMN aal_since timestamptz NOT NULL DEFAULT now();
      UPDATE sessions SET aal_since = started_at;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN aal_since; DROP TABLE level_rules');
  }
}
