import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When people said, after a lock-down, that every way of their two-step sign-in is theirs. */
export class FactorsChecked1764462300955 implements MigrationInterface {
  readonly name = 'FactorsChecked1764462300955';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_in_answers ADD COLUMN factors_checked_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_in_answers DROP COLUMN factors_checked_at');
  }
}
