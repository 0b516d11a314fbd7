import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { raisePlainAlert } from '../alerts/raise-plain-alert.js';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { clientName } from '../platform/client.js';
import { sha256 } from '../platform/crypto.js';
import type { Revoke } from '../sessions/revoke.js';
import { noteDeviceChange } from './note-device-change.js';
import { endTrust } from './store/devices.js';
import { type CopiedDevice, trustedOnceWith } from './store/replaced-tokens.js';

type Origin = { ip: string; userAgent: string | undefined; deviceToken: string | undefined };

/**
 * Notices that the token of a trusted device was copied: each sign-in replaces it, so whoever comes with a former one is the thief, or
 * the owner after the thief. Which of them can't be told, so neither is trusted any more.
 */
export class NoticeCopiedTrust {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly notifications: NotifyPerson,
    private readonly audit: AppendAudit,
    private readonly now: () => number,
  ) {}

  /** To be asked only once the password was right: a stranger must not end anybody's trust. */
  async notice(personId: string, origin: Origin): Promise<void> {
    if (origin.deviceToken === undefined) return;
    const copied = await trustedOnceWith(this.database, personId, sha256(origin.deviceToken));
    for (const device of copied) await this.endTrustOf(personId, device, origin);
  }

  private async endTrustOf(personId: string, device: CopiedDevice, origin: Origin): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.revocations.revokeWithin(tx, {
        select: { deviceId: device.id },
        by: systemActor,
        endReason: 'policy',
        reason: 'The token of the trusted device was copied',
        ip: origin.ip,
      });
      // After the sessions, whose devices nobody can trust any more. Of two sign-ins at once one tells of it.
      if ((await endTrust(tx, personId, device.id)) === 0) return;
      await this.audit.append(tx, {
        actor: systemActor,
        action: 'device.copied',
        target: { kind: 'device', id: device.id },
        detail: { before: { trusted: true }, after: { trusted: false } },
        ip: origin.ip,
      });
      await this.notifications.notify(tx, personId, {
        kind: 'trust_copied',
        payload: { circumstances: circumstancesOf(origin, this.now()), device: clientName(device) },
        dedupKey: `trust_copied:${randomUUID()}`,
      });
      await raisePlainAlert(tx, {
        kind: 'trusted-device-copied',
        severity: 'high',
        event: randomUUID(),
        subject: device.email,
        personId,
      });
      await noteDeviceChange(tx, personId);
    });
  }
}
