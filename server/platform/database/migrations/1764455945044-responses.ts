import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A containment may have been done by a rule of the detection policy, of this version. */
export class Responses1764455945044 implements MigrationInterface {
  readonly name = 'Responses1764455945044';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE containments ADD COLUMN policy_version integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE containments DROP COLUMN policy_version');
  }
}
