import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- Who gave a reason to see addresses and places of one of their people; the person sees it.
CREATE TABLE detail_looks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
  by_id uuid REFERENCES people ON DELETE SET NULL,
  by_name text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  until timestamptz NOT NULL
);
CREATE INDEX detail_looks_person ON detail_looks (person_id, at DESC);
CREATE INDEX detail_looks_by ON detail_looks (by_id);
-- The newest reminder of two-step sign-in; one row a person keeps the limit also where two managers press at once.
CREATE TABLE two_step_reminders (
  person_id uuid PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  reminded_at timestamptz NOT NULL DEFAULT now()
);
`;

export class Team1764452751000 implements MigrationInterface {
  readonly name = 'Team1764452751000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE two_step_reminders, detail_looks');
  }
}
