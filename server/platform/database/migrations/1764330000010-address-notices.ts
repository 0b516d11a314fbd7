import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person chooses which further addresses security messages go to; the main one always gets them. */
export class AddressNotices1764330000010 implements MigrationInterface {
  readonly name = 'AddressNotices1764330000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE person_addresses ADD COLUMN receives_notices boolean NOT NULL DEFAULT true');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE person_addresses DROP COLUMN receives_notices');
  }
}
