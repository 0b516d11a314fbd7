import type { MigrationInterface, QueryRunner } from 'typeorm';

const named = (sessions: string): string => `
ALTER TABLE sign_in_answers DROP CONSTRAINT sign_in_answers_session_check;
ALTER TABLE sign_in_answers ADD CONSTRAINT sign_in_answers_session_check CHECK (session IN (${sessions}));
`;

/** People disown tries that got no further than their second step as well: those opened no session. */
export class NobodyIn1764462200949 implements MigrationInterface {
  readonly name = 'NobodyIn1764462200949';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(named(`'ended', 'ended_before', 'elsewhere', 'none'`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE sign_in_answers SET session = 'ended_before' WHERE session = 'none'`);
    await runner.query(named(`'ended', 'ended_before', 'elsewhere'`));
  }
}
