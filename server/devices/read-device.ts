import type { DataSource } from 'typeorm';
import { type DeviceDetail, ENTITY_DAYS } from '../contracts/entities.js';
import { Refusal } from '../platform/errors.js';
import { deviceDays, readDevice } from './store/devices.js';

/** Shows staff one browser of somebody: whose it is, how long it has been used, and when. */
export class ReadDevice {
  constructor(private readonly database: DataSource) {}

  /** @throws Refusal `not_found` */
  async read(id: string): Promise<DeviceDetail> {
    const row = await readDevice(this.database, id);
    if (!row) throw new Refusal('not_found');
    const { personId, personName, device, os, browser, firstSeenAt, lastSeenAt, trustedUntil, removedAt, ...rest } =
      row;
    return {
      ...rest,
      person: { id: personId, name: personName },
      client: { device, os, browser },
      firstSeenAt: firstSeenAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      trustedUntil: trustedUntil?.toISOString() ?? null,
      removedAt: removedAt?.toISOString() ?? null,
      days: await deviceDays(this.database, id, ENTITY_DAYS),
    };
  }
}
