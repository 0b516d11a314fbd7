import type { DataSource } from 'typeorm';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { RESET_LINK_MINUTES } from '../contracts/passwords.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { sha256 } from '../platform/crypto.js';
import { issueLink, linkLife } from './account-links.js';
import { findByAnyAddress, takeResetRequest } from './store/reset-requests.js';

/** Answers wishes for a new password: a link by mail to those that we know, nothing to the others. */
export class IssueResetLinks {
  constructor(
    private readonly database: DataSource,
    private readonly notifications: NotifyPerson,
    private readonly audit: AppendAudit,
  ) {}

  /** Answers everything that waits. */
  async run(): Promise<void> {
    while (await this.answerOne());
  }

  private answerOne(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const request = await takeResetRequest(tx);
      if (!request) return false;
      const person = await findByAnyAddress(tx, request.emailKey);
      if (!person) return true;
      const token = await issueLink(tx, 'reset_password', person.id, [person.address]);
      const at = request.requestedAt.toISOString();
      await this.notifications.notify(tx, person.id, {
        kind: 'password_reset_link',
        payload: {
          circumstances: { at, ip: request.ip, client: request.client || null, place: null },
          minutes: RESET_LINK_MINUTES,
        },
        secret: token,
        to: person.address,
        dedupKey: `password_reset_link:${sha256(token).toString('base64url')}`,
        expiresInSeconds: linkLife.reset_password,
      });
      await this.audit.append(tx, {
        actor: systemActor,
        action: 'password.reset_requested',
        target: { kind: 'person', id: person.id },
        ip: request.ip,
      });
      return true;
    });
  }
}
