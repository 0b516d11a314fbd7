import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
-- The keys of the addresses that a link was mailed to. A link of which none is known is worth nothing.
ALTER TABLE account_links ADD COLUMN sent_to text[] NOT NULL DEFAULT '{}';
-- A link and its messages are of one transaction, so of one moment. An address that is the person's no more gets a key that is nobody's.
UPDATE account_links l SET sent_to = m.keys FROM (
  SELECT k.token_hash, array_agg(DISTINCT coalesce(i.value, a.address_key, '')) AS keys
  FROM account_links k
  JOIN notifications n ON n.person_id = k.person_id AND n.created_at = k.created_at
    AND n.kind IN ('password_reset_link', 'invitation', 'address_confirmation', 'recovery_ready')
  LEFT JOIN people p ON p.id = k.person_id AND p.email = n.recipient
  LEFT JOIN person_identifiers i ON i.person_id = p.id AND i.kind = 'email'
  LEFT JOIN person_addresses a ON a.person_id = k.person_id AND a.address = n.recipient
  GROUP BY k.token_hash) m
WHERE m.token_hash = l.token_hash;
ALTER TABLE account_links ALTER COLUMN sent_to DROP DEFAULT;
`;

/** Where links were mailed to: they are good only while these addresses are the person's. */
export class LinkAddresses1764462100937 implements MigrationInterface {
  readonly name = 'LinkAddresses1764462100937';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE account_links DROP COLUMN sent_to');
  }
}
