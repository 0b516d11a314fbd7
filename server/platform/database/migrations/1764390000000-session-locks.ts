import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions that lock for want of use or by hand, and how soon they do, by role. */
export class SessionLocks1764390000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE role_rules ADD COLUMN lock_minutes integer CHECK (lock_minutes >= 2);
      UPDATE role_rules SET lock_minutes = CASE WHEN role IN ('user', 'manager') THEN 60 ELSE 15 END;
      UPDATE role_rules SET lock_minutes = NULL WHERE lock_minutes >= idle_minutes;
      ALTER TABLE role_rules ADD CHECK (lock_minutes < idle_minutes);
      ALTER TABLE sessions ADD COLUMN lock_after interval, ADD COLUMN locked_at timestamptz;
      ALTER TABLE passkey_challenges DROP CONSTRAINT passkey_challenges_purpose_check,
        ADD CONSTRAINT passkey_challenges_purpose_check CHECK (purpose IN ('register', 'sign_in', 'confirm', 'unlock'));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM passkey_challenges WHERE purpose = 'unlock';
      ALTER TABLE passkey_challenges DROP CONSTRAINT passkey_challenges_purpose_check,
        ADD CONSTRAINT passkey_challenges_purpose_check CHECK (purpose IN ('register', 'sign_in', 'confirm'));
      ALTER TABLE sessions DROP COLUMN lock_after, DROP COLUMN locked_at;
      ALTER TABLE role_rules DROP COLUMN lock_minutes;`);
  }
}
