import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- What a process says of itself with each beat; the last three are said by the worker that scores.
ALTER TABLE nodes
  ADD COLUMN version text NOT NULL DEFAULT '',
  ADD COLUMN host text NOT NULL DEFAULT '',
  ADD COLUMN scored_minute integer,
  ADD COLUMN scored_at timestamptz,
  ADD COLUMN lag_ms integer;
CREATE TABLE last_sweep (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  ended_at timestamptz NOT NULL,
  took_ms integer NOT NULL
);
-- How the database grows: one row an hour.
CREATE TABLE database_sizes (hour timestamptz PRIMARY KEY, bytes bigint NOT NULL);
`;

/** What the page about the system's health is read from. */
export class Health1764456240845 implements MigrationInterface {
  readonly name = 'Health1764456240845';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE database_sizes, last_sweep;
      ALTER TABLE nodes DROP COLUMN version, DROP COLUMN host, DROP COLUMN scored_minute, DROP COLUMN scored_at, DROP COLUMN lag_ms;`);
  }
}
