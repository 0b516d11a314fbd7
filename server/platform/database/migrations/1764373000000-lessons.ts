import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose sign-ins were, as people and analysts say: what profiles learn from, and must not learn from. */
export class Lessons1764373000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lessons (
        attempt_id uuid PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
        -- Null where what was said was taken back: the score decides again.
        genuine boolean,
        revision integer NOT NULL DEFAULT 1,
        said_at timestamptz NOT NULL DEFAULT now(),
        learnt_at timestamptz
      )`);
    await runner.query('CREATE INDEX lessons_waiting ON lessons (said_at) WHERE learnt_at IS NULL');
    await runner.query('CREATE INDEX lessons_person ON lessons (person_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lessons');
  }
}
