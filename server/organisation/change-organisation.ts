import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { OrganisationChange, OrganisationView } from '../contracts/organisation.js';
import type { PersonCaller } from '../platform/http/access.js';
import { lockOrganisation, readOrganisation, writeOrganisation } from './store/organisation.js';

/** What the organisation is called, and in which time zone it lives. */
export class ChangeOrganisation {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  async change(caller: PersonCaller, change: OrganisationChange, ip: string): Promise<OrganisationView> {
    return this.database.transaction(async (tx) => {
      await lockOrganisation(tx);
      const { name, timeZone } = await readOrganisation(tx);
      // Saving what stands there already is no change.
      if (name !== change.name || timeZone !== change.timeZone) {
        await writeOrganisation(tx, change);
        await this.audit.append(tx, {
          actor: actorOf(caller),
          action: 'organisation.changed',
          target: { kind: 'organisation', id: null },
          detail: { before: { name, timeZone }, after: change },
          ip,
        });
      }
      return readOrganisation(tx);
    });
  }
}
