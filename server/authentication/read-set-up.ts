import type { DataSource } from 'typeorm';
import type { SetUpState } from '../contracts/authentication.js';
import type { CreateAdmin } from '../people/create-admin.js';
import { isSharedNetwork } from '../policies/shared-networks.js';
import type { Config } from '../platform/config.js';
import { version } from '../platform/version.js';

/** Says what the page in front of the sign-in has to know, of the installation and of whoever asks; nothing about people. */
export class ReadSetUp {
  constructor(
    private readonly database: DataSource,
    private readonly admins: CreateAdmin,
    private readonly config: Pick<Config, 'smtp'>,
  ) {}

  /** @param ip of whoever asks, as the server itself sees it */
  async read(ip: string): Promise<SetUpState> {
    const sharedComputer = await isSharedNetwork(this.database, ip);
    const mail = this.config.smtp ? 'smtp' : 'files';
    return { needed: !(await this.admins.isSetUp()), version, sharedComputer, mail };
  }
}
