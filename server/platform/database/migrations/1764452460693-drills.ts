import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
ALTER TABLE applications DROP CONSTRAINT applications_kind_check,
  ADD CONSTRAINT applications_kind_check CHECK (kind IN ('gatehouse', 'connected', 'simulated', 'drill'));
CREATE TABLE drills (
  id uuid PRIMARY KEY,
  author text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
  stage text,
  sent integer NOT NULL DEFAULT 0,
  total integer,
  holder text,
  seen_at timestamptz,
  cancel_asked boolean NOT NULL DEFAULT false,
  failure text,
  result jsonb
);
-- One at a time.
CREATE UNIQUE INDEX drills_open ON drills ((true)) WHERE state IN ('waiting', 'running');`;

/** Attack drills, with what came of the last ones. */
export class Drills1764452460693 implements MigrationInterface {
  readonly name = 'Drills1764452460693';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE drills;
      UPDATE applications SET kind = 'simulated' WHERE kind = 'drill';
      ALTER TABLE applications DROP CONSTRAINT applications_kind_check,
        ADD CONSTRAINT applications_kind_check CHECK (kind IN ('gatehouse', 'connected', 'simulated'));`);
  }
}
