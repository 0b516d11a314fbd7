import type { DataSource } from 'typeorm';
import type { Me } from '../contracts/authentication.js';
import { type Role, staffRoles } from '../contracts/people.js';
import type { ReadOrganisation } from '../organisation/read-organisation.js';
import { hasReports, leadingRoles } from '../people/reporting-line.js';
import type { PersonCaller } from '../platform/http/access.js';
import { readLock } from '../sessions/lock-session.js';
import { hasSmsOnly, isTwoStep } from './domain/required-factors.js';
import { findAccountById } from './find-account.js';
import { unlockFactors } from './lock-own-session.js';
import { type AuthenticatorRow, listAuthenticators } from './store/authenticators.js';
import { readBackupCodes } from './store/backup-codes.js';
import { readRecovery } from './store/recoveries.js';

/** Says who is signed in, what they may do, and what they have to do. */
export class ReadMe {
  constructor(
    private readonly database: DataSource,
    private readonly installation: ReadOrganisation,
  ) {}

  async read(caller: PersonCaller): Promise<Me> {
    const [organisation, account, lock, own, lead, recovery] = await Promise.all([
      this.installation.read(),
      findAccountById(this.database, caller.personId),
      readLock(this.database, caller.sessionId),
      listAuthenticators(this.database, caller.personId),
      this.leads(caller),
      readRecovery(this.database, caller.personId),
    ]);
    return {
      person: { id: caller.personId, name: caller.name, email: caller.email, role: caller.role },
      organisation,
      sessionId: caller.sessionId,
      may: {
        watch: (staffRoles as readonly string[]).includes(caller.role),
        act: caller.role === 'analyst' || caller.role === 'admin',
        administer: caller.role === 'admin',
        lead,
      },
      confinedTo: caller.confinedTo,
      twoStep: {
        on: isTwoStep(account),
        requiredFrom: account.requiredFrom === null ? null : new Date(account.requiredFrom).toISOString(),
        smsAlone: hasSmsOnly(account) && !(await this.hasCodes(own)),
        codesSaved: !own.some(({ kind, confirmedAt }) => kind === 'backup_codes' && confirmedAt === null),
        recovering: recovery !== undefined,
      },
      lock: { locked: caller.locked, ...lock, factors: unlockFactors(account) },
    };
  }

  private async hasCodes(own: readonly AuthenticatorRow[]): Promise<boolean> {
    const codes = own.find(({ kind }) => kind === 'backup_codes');
    return codes !== undefined && (await readBackupCodes(this.database, codes.id)).left > 0;
  }

  private async leads({ role, personId }: PersonCaller): Promise<boolean> {
    if (role === 'manager') return true;
    return (leadingRoles as readonly Role[]).includes(role) && hasReports(this.database, personId);
  }
}
