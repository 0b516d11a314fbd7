import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- What the sign-in of an alert scores in the light of what followed it; null where that is what it scored.
ALTER TABLE alerts ADD COLUMN risk jsonb;
-- The last entry of the audit log that was looked at for such; what was before is not judged anew.
ALTER TABLE scoring_lane ADD COLUMN audit_read bigint NOT NULL DEFAULT 0;
UPDATE scoring_lane SET audit_read = coalesce((SELECT max(sequence) FROM audit_entries), 0);
`;

/** Changes of passwords, factors and addresses after a sign-in with a new device. */
export class CredentialChanges1764460899889 implements MigrationInterface {
  readonly name = 'CredentialChanges1764460899889';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE alerts DROP COLUMN risk; ALTER TABLE scoring_lane DROP COLUMN audit_read');
  }
}
