import type { DataSource } from 'typeorm';
import type { SetUpState } from '../contracts/authentication.js';
import type { ReadOrganisation } from '../organisation/read-organisation.js';
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
    private readonly organisation: ReadOrganisation,
  ) {}

  /** @param ip of whoever asks, as the server itself sees it */
  async read(ip: string): Promise<SetUpState> {
    const sharedComputer = await isSharedNetwork(this.database, ip);
    const mail = this.config.smtp ? 'smtp' : 'files';
    const { name, logo } = await this.organisation.read();
    const organisation = logo && { name, logo };
    return { needed: !(await this.admins.isSetUp()), version, sharedComputer, mail, organisation };
  }
}
