import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Revocation, Revoke } from '../sessions/revoke.js';
import { noteDeviceChange } from './note-device-change.js';
import { endTrust } from './store/devices.js';

/** Ends the other sessions of a person, and on request the trust of every device: of a lost one nobody knows which it was. */
export class SignOutElsewhere {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly audit: AppendAudit,
  ) {}

  /** Both or neither. @returns the revocation, or undefined where no session was left to end */
  async signOut(
    caller: PersonCaller,
    { includeCurrent, forgetTrust }: { includeCurrent: boolean; forgetTrust: boolean },
    ip: string,
  ): Promise<Revocation | undefined> {
    const { personId, sessionId } = caller;
    return this.database.transaction(async (tx) => {
      if (forgetTrust) {
        const devices = await endTrust(tx, personId, null);
        const [actor, target] = [actorOf(caller), { kind: 'device', id: null }];
        if (devices > 0)
          await this.audit.append(tx, { actor, action: 'devices.distrusted', target, detail: { devices }, ip });
        await noteDeviceChange(tx, personId);
      }
      return this.revocations.revokeWithin(tx, {
        select: { personId, exceptSessionId: includeCurrent ? undefined : sessionId },
        by: actorOf(caller),
        endReason: 'revoked_by_self',
        ip,
      });
    });
  }
}
