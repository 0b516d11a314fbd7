import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules for new passwords, networks of shared terminals, and what was new about the sign-in of a session. */
export class AccountCare1764454704000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sign_in_policy
        ADD COLUMN password_minimum integer NOT NULL DEFAULT 15 CHECK (password_minimum BETWEEN 15 AND 64),
        ADD COLUMN password_minimum_two_step integer NOT NULL DEFAULT 8 CHECK (password_minimum_two_step BETWEEN 8 AND 64),
        ADD COLUMN blocked_words text[] NOT NULL DEFAULT '{}',
        ADD COLUMN shared_networks text[] NOT NULL DEFAULT '{}',
        ADD CHECK (password_minimum_two_step <= password_minimum);
      ALTER TABLE sessions ADD COLUMN novelties text[] NOT NULL DEFAULT '{}';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions DROP COLUMN novelties;
      ALTER TABLE sign_in_policy DROP COLUMN password_minimum, DROP COLUMN password_minimum_two_step,
        DROP COLUMN blocked_words, DROP COLUMN shared_networks;`);
  }
}
