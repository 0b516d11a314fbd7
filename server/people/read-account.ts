import type { DataSource } from 'typeorm';
import type { PersonAccount } from '../contracts/people.js';
import { Refusal } from '../platform/errors.js';
import type { ManageAddresses } from './manage-addresses.js';

/** How a person gets in. */
export class ReadAccount {
  constructor(
    private readonly database: DataSource,
    private readonly addresses: ManageAddresses,
  ) {}

  /** @throws Refusal `not_found` */
  async read(id: string): Promise<PersonAccount> {
    const [row] = await this.database.query<AccountRow[]>(account, [id]);
    if (!row) throw new Refusal('not_found');
    const { changedAt, requiredAt, sentAt, expiresAt } = row;
    return {
      addresses: await this.addresses.list(id),
      passwordChangedAt: changedAt?.toISOString() ?? null,
      passwordChangeRequiredAt: requiredAt?.toISOString() ?? null,
      invitation: sentAt && expiresAt && { sentAt: sentAt.toISOString(), expiresAt: expiresAt.toISOString() },
    };
  }
}

type AccountRow = { changedAt: Date | null; requiredAt: Date | null; sentAt: Date | null; expiresAt: Date | null };
const account = `
  SELECT p.password_changed_at AS "changedAt", p.password_change_required_at AS "requiredAt", l.created_at AS "sentAt", l.expires_at AS "expiresAt"
  FROM people p LEFT JOIN account_links l ON l.person_id = p.id AND l.purpose = 'invitation' AND l.used_at IS NULL AND l.expires_at > now()
  WHERE p.id = $1 ORDER BY l.created_at DESC LIMIT 1`;
