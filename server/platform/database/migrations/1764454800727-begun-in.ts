import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which session a second factor is being set up: its key is shown there and nowhere else. */
export class BegunIn1764454800727 implements MigrationInterface {
  readonly name = 'BegunIn1764454800727';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE authenticators ADD COLUMN begun_in uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE authenticators DROP COLUMN begun_in');
  }
}
