import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is usual for all people together: one row, written with the profiles it was learnt with. */
export class PopulationHabits1764337000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE population_habits (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        state text NOT NULL
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE population_habits');
  }
}
