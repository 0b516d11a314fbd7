import type { DataSource, EntityManager } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { DevicesView, DeviceView } from '../contracts/devices.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Revoke } from '../sessions/revoke.js';
import { noteDeviceChange } from './note-device-change.js';
import {
  deviceOfSession,
  type DeviceRow,
  endTrust,
  listDevices,
  readTrustDays,
  removeDevice,
  renameDevice,
  trustableDevice,
  trustDevice,
} from './store/devices.js';

/** A person's own devices: what they are called, which are trusted, and which are no longer theirs. */
export class ManageDevices {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly audit: AppendAudit,
  ) {}

  async read(caller: PersonCaller): Promise<DevicesView> {
    const [rows, current, trustDays] = await Promise.all([
      listDevices(this.database, caller.personId),
      deviceOfSession(this.database, caller.sessionId),
      readTrustDays(this.database),
    ]);
    return { trustDays, items: rows.map((row) => toDeviceView(row, current)) };
  }

  /** Those of somebody else, for staff. */
  async readOf(personId: string): Promise<DevicesView> {
    const [rows, trustDays] = await Promise.all([listDevices(this.database, personId), readTrustDays(this.database)]);
    return { trustDays, items: rows.map((row) => toDeviceView(row, undefined)) };
  }

  /** @throws Refusal `not_found` */
  async rename(caller: PersonCaller, id: string, name: string): Promise<void> {
    if (!(await renameDevice(this.database, caller.personId, id, name))) throw new Refusal('not_found');
    await noteDeviceChange(this.database, caller.personId);
  }

  /**
   * Lets the device of this very session skip the second factor for the days of the rules; the route asks for a fresh proof.
   * @throws Refusal `trust_not_allowed` on a shared terminal, without a second factor, and where the rules let no device be trusted
   */
  async trustThis(caller: PersonCaller, ip: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [id, days] = [await trustableDevice(tx, caller.sessionId), await readTrustDays(tx)];
      if (id === undefined || days === 0) throw new Refusal('trust_not_allowed');
      await trustDevice(tx, caller.personId, id, days);
      await this.record(tx, caller, 'device.trusted', id, { days }, ip);
    });
  }

  /** @throws Refusal `not_found` */
  async endTrust(caller: PersonCaller, id: string, ip: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if ((await endTrust(tx, caller.personId, id)) === 0) throw new Refusal('not_found');
      await this.record(tx, caller, 'device.distrusted', id, {}, ip);
    });
  }

  /** Whatever was lost, nothing skips the second factor any more. */
  async endAllTrust(caller: PersonCaller, ip: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const devices = await endTrust(tx, caller.personId, null);
      if (devices > 0) await this.record(tx, caller, 'devices.distrusted', null, { devices }, ip);
    });
  }

  /** Its sessions end, its trust is gone, and the next sign-in from it passes every factor. @throws Refusal `not_found` */
  async remove(caller: PersonCaller, id: string, ip: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await removeDevice(tx, caller.personId, id))) throw new Refusal('not_found');
      await this.revocations.revokeWithin(tx, {
        select: { deviceId: id },
        by: actorOf(caller),
        endReason: 'revoked_by_self',
        reason: 'The device was removed',
        ip,
      });
      await this.record(tx, caller, 'device.removed', id, {}, ip);
    });
  }

  private async record(
    tx: EntityManager,
    caller: PersonCaller,
    action: string,
    id: string | null,
    detail: Record<string, unknown>,
    ip: string,
  ): Promise<void> {
    await this.audit.append(tx, { actor: actorOf(caller), action, target: { kind: 'device', id }, detail, ip });
    await noteDeviceChange(tx, caller.personId);
  }
}

const toDeviceView = (row: DeviceRow, currentId: string | undefined): DeviceView => ({
  id: row.id,
  name: row.name,
  client: { device: row.device, os: row.os, browser: row.browser },
  current: row.id === currentId,
  firstSeenAt: row.firstSeenAt.toISOString(),
  lastSeenAt: row.lastSeenAt.toISOString(),
  place: row.place,
  sessions: row.sessions,
  trustedUntil: row.trustedUntil?.toISOString() ?? null,
  novelties: row.novelties,
});
