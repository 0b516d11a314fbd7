import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The token that the present one of a session replaced: it opens nothing, and ends a session whose new token was lost on its way. */
export class FormerTokens1764460865017 implements MigrationInterface {
  readonly name = 'FormerTokens1764460865017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN former_token_hash bytea');
    await runner.query(
      'CREATE INDEX sessions_former_token ON sessions (former_token_hash) WHERE ended_at IS NULL AND former_token_hash IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN former_token_hash');
  }
}
