import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The picture of the organisation, named by its own hash. */
export class OrganisationLogo1764456320871 implements MigrationInterface {
  readonly name = 'OrganisationLogo1764456320871';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisation_logo (
        id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
        hash text NOT NULL,
        type text NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'image/webp')),
        width integer NOT NULL,
        height integer NOT NULL,
        bytes bytea NOT NULL
      );
      ALTER TABLE organisation_logo ALTER COLUMN bytes SET STORAGE EXTERNAL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE organisation_logo');
  }
}
