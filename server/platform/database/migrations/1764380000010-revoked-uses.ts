import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens of revoked sessions that were presented again, one row a session, and where a session was used last. */
export class RevokedUses1764380000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions ADD COLUMN seen_ip inet;
      CREATE TABLE revoked_uses (
        session_id uuid PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
        used_at timestamptz NOT NULL DEFAULT now(),
        ip inet NOT NULL,
        user_agent text,
        raised_at timestamptz
      );
      CREATE INDEX revoked_uses_waiting ON revoked_uses (used_at) WHERE raised_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE revoked_uses; ALTER TABLE sessions DROP COLUMN seen_ip');
  }
}
