import type { EntityManager } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import { issueLink, linkLife, withdrawLinks } from '../authentication/account-links.js';
import { INVITATION_DAYS } from '../contracts/passwords.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { sha256 } from '../platform/crypto.js';
import type { ChangeOrigin } from './carry-out-changes.js';
import type { PersonRow } from './store/people.js';

/** Mails the link with which somebody chooses their first password; one mailed before stops working. */
export class SendInvitation {
  constructor(
    private readonly notifications: NotifyPerson,
    private readonly audit: AppendAudit,
  ) {}

  /** @param formerly where an invitation went that another change voided */
  async send(
    tx: EntityManager,
    { id, name, email }: Pick<PersonRow, 'id' | 'name' | 'email'>,
    { by, ip }: Pick<ChangeOrigin, 'by' | 'ip'>,
    formerly: string | null = null,
  ): Promise<void> {
    const replaced = await withdrawLinks(tx, id, ['invitation']);
    const token = await issueLink(tx, 'invitation', id, [email]);
    await this.notifications.notify(tx, id, {
      kind: 'invitation',
      payload: { by: by.name, days: INVITATION_DAYS },
      secret: token,
      to: email,
      dedupKey: `invitation:${sha256(token).toString('base64url')}`,
      expiresInSeconds: linkLife.invitation,
    });
    const before = { invited: replaced > 0 ? email : formerly };
    const detail = { name, before, after: { invited: email } };
    await this.audit.append(tx, { actor: by, action: 'person.invited', target: { kind: 'person', id }, detail, ip });
  }
}
