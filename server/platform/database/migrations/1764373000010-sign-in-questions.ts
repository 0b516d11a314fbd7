import type { MigrationInterface, QueryRunner } from 'typeorm';

/** "Was this you?" as it was mailed: one question an alert, answered once, by a token that only the mail holds. */
export class SignInQuestions1764373000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sign_in_questions (
        alert_id uuid PRIMARY KEY REFERENCES alerts ON DELETE CASCADE,
        person_id uuid NOT NULL REFERENCES people ON DELETE CASCADE,
        attempt_id uuid NOT NULL,
        token_hash bytea NOT NULL UNIQUE,
        expires_at timestamptz NOT NULL,
        answered_at timestamptz
      )`);
    await runner.query('CREATE INDEX sign_in_questions_person ON sign_in_questions (person_id)');
    await runner.query('CREATE INDEX sign_in_questions_expiry ON sign_in_questions (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sign_in_questions');
  }
}
