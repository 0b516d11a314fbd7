import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = `
  dimension text NOT NULL,
  application_id uuid NOT NULL,
  outcome attempt_outcome NOT NULL,
  bucket timestamptz NOT NULL,
  value text NOT NULL,
  attempts integer NOT NULL,
  critical integer NOT NULL,
  PRIMARY KEY (dimension, application_id, outcome, bucket, value)`;

const up = `
ALTER TABLE attempt_tallies RENAME TO attempt_tallies_before;
ALTER INDEX attempt_tallies_pkey RENAME TO attempt_tallies_before_pkey;
CREATE TABLE attempt_tallies (${columns}) PARTITION BY LIST (dimension);
-- Many values, each seldom: the most of a month are found in the index alone.
CREATE TABLE attempt_tallies_who PARTITION OF attempt_tallies FOR VALUES IN ('person', 'address');
CREATE INDEX attempt_tallies_ranked ON attempt_tallies_who (dimension, application_id, outcome, bucket, value) INCLUDE (attempts);
-- Few values, each counted up with every batch: no index may hold the counts, so that an update stays within its page.
CREATE TABLE attempt_tallies_where PARTITION OF attempt_tallies DEFAULT WITH (fillfactor = 90);
INSERT INTO attempt_tallies SELECT * FROM attempt_tallies_before ORDER BY dimension, bucket;
DROP TABLE attempt_tallies_before;`;

const down = `
CREATE TABLE attempt_tallies_before (${columns}) WITH (fillfactor = 90);
INSERT INTO attempt_tallies_before SELECT * FROM attempt_tallies;
DROP TABLE attempt_tallies;
ALTER TABLE attempt_tallies_before RENAME TO attempt_tallies;
ALTER INDEX attempt_tallies_before_pkey RENAME TO attempt_tallies_pkey;`;

/** Counts of people and addresses are kept apart from those of places and networks, as they are read in another way. */
export class TalliesOfWho1764455165000 implements MigrationInterface {
  readonly name = 'TalliesOfWho1764455165000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
