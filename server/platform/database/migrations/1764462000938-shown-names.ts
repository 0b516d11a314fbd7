import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What turns the direction of text around, or is not seen at all: names must not hold it any more, so those that do lose it. */
const hidden = `'[\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]'`;
const up = [
  `UPDATE people SET name = coalesce(nullif(btrim(regexp_replace(name, ${hidden}, '', 'g')), ''), email) WHERE name ~ ${hidden}`,
  `UPDATE people SET title = nullif(btrim(regexp_replace(title, ${hidden}, '', 'g')), '') WHERE title ~ ${hidden}`,
  `UPDATE devices SET name = nullif(btrim(regexp_replace(name, ${hidden}, '', 'g')), '') WHERE name ~ ${hidden}`,
  `UPDATE authenticators SET name = coalesce(nullif(btrim(regexp_replace(name, ${hidden}, '', 'g')), ''), kind) WHERE name ~ ${hidden}`,
  `UPDATE applications SET name = coalesce(nullif(btrim(regexp_replace(name, ${hidden}, '', 'g')), ''), id::text) WHERE name ~ ${hidden}`,
];

/** Frees the names that were taken before there was a rule for them. */
export class ShownNames1764462000938 implements MigrationInterface {
  readonly name = 'ShownNames1764462000938';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  /** What was taken off a name is not known any more, and no table was changed. */
  async down(): Promise<void> {}
}
