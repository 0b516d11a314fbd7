import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that a trusted device had before: one that comes back was copied. It opens nothing, and ends the trust. */
export class ReplacedDeviceTokens1764460922331 implements MigrationInterface {
  readonly name = 'ReplacedDeviceTokens1764460922331';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE replaced_device_tokens (
         device_id uuid NOT NULL REFERENCES devices ON DELETE CASCADE,
         token_hash bytea NOT NULL,
         replaced_at timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (device_id, token_hash)
       )`,
    );
    await runner.query('CREATE INDEX replaced_device_tokens_hash ON replaced_device_tokens (token_hash)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replaced_device_tokens');
  }
}
