import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What rules still have to do about alerts, and of whom the next sign-in asks a second factor. */
export class Challenges1764456200843 implements MigrationInterface {
  readonly name = 'Challenges1764456200843';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE policy_responses (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        alert_id uuid NOT NULL REFERENCES alerts ON DELETE CASCADE,
        act text NOT NULL CHECK (act IN ('end_sessions', 'throttle_source', 'challenge_next')),
        -- For how long, in minutes; null for what is done once.
        minutes integer,
        policy_version integer NOT NULL,
        tries smallint NOT NULL DEFAULT 0,
        next_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX ON policy_responses (next_at, id)');
    await runner.query('CREATE INDEX ON policy_responses (alert_id, act)');
    await runner.query(`
      CREATE TABLE sign_in_challenges (
        person_id uuid PRIMARY KEY REFERENCES people ON DELETE CASCADE,
        asked_at timestamptz NOT NULL DEFAULT now(),
        until timestamptz NOT NULL,
        by_name text NOT NULL,
        alert_id uuid REFERENCES alerts ON DELETE SET NULL
      )`);
    await runner.query('CREATE INDEX ON sign_in_challenges (alert_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sign_in_challenges');
    await runner.query('DROP TABLE policy_responses');
  }
}
