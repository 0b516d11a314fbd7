import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people say about sign-ins to their account, and what was done where one was not theirs. */
export class SignInAnswers1764365000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sign_in_answers (
        attempt_id uuid PRIMARY KEY,
        person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
        answer text NOT NULL CHECK (answer IN ('mine', 'not_mine')),
        answered_at timestamptz NOT NULL DEFAULT now(),
        application text NOT NULL,
        session text CHECK (session IN ('ended', 'ended_before', 'elsewhere')),
        other_sessions integer,
        distrusted integer,
        manager_told boolean,
        CHECK ((answer = 'not_mine') = (session IS NOT NULL AND other_sessions IS NOT NULL AND distrusted IS NOT NULL AND manager_told IS NOT NULL))
      )`);
    await runner.query('CREATE INDEX sign_in_answers_person ON sign_in_answers (person_id, answered_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sign_in_answers');
  }
}
