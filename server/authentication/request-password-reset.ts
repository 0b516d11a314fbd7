import type { DataSource } from 'typeorm';
import type { MailState } from '../contracts/notifications.js';
import { addressOf } from '../platform/address.js';
import { clientName, clientOf } from '../platform/client.js';
import type { Config } from '../platform/config.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import type { Limit, Limits } from '../platform/limits.js';
import { normaliseSubject } from '../platform/subject.js';
import { insertResetRequest } from './store/reset-requests.js';

/** One source may not ask for everybody; nobody's mailbox is to be filled. The second one is never told. */
const limits = {
  source: { name: 'forgot:source', points: 20, seconds: 900, blockSeconds: 900 },
  account: { name: 'forgot:account', points: 5, seconds: 3_600, blockSeconds: 3_600 },
} as const satisfies Record<string, Limit>;

/**
 * Takes the wish for a new password. Known and unknown addresses are told apart only later, by a worker: the same statements run for
 * both, so neither answer nor time says anything.
 */
export class RequestPasswordReset {
  constructor(
    private readonly database: DataSource,
    private readonly limiter: Limits,
    private readonly config: Pick<Config, 'smtp'>,
  ) {}

  /**
   * @returns where messages of this installation go, whether there is one or not
   * @throws Refusal `too_many_tries` for a source that asks too often, whatever it asks for; `unavailable`
   */
  async request(email: string, origin: { ip: string; userAgent: string | undefined }): Promise<MailState['way']> {
    const way = this.config.smtp ? 'smtp' : 'files';
    const emailKey = normaliseSubject(email);
    await this.limiter.take(limits.source, addressOf(origin.ip).addressKey);
    if (await this.isSpent(emailKey)) return way;
    await insertResetRequest(this.database, {
      emailKey,
      ip: origin.ip,
      client: clientName(clientOf(origin.userAgent)) ?? '',
    });
    return way;
  }

  private async isSpent(emailKey: string): Promise<boolean> {
    try {
      await this.limiter.take(limits.account, sha256(emailKey).toString('base64url'));
      return false;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'too_many_tries') return true;
      throw error;
    }
  }
}
