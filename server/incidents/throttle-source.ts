import type { DataSource } from 'typeorm';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import type { ThrottledSource } from '../contracts/entities.js';
import { THROTTLE_MINUTES } from '../contracts/incidents.js';
import { addressOf, sourceName } from '../platform/address.js';
import { Refusal } from '../platform/errors.js';
import { releaseSource, throttleSource } from './store/throttled-sources.js';

export { throttledUntil } from './store/throttled-sources.js';

/** Has sign-ins from one address refused for an hour, and lets it in again. Of IPv6 it is the /64, which one subscriber holds. */
export class ThrottleSource {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `illegal_transition` for the address from which the request comes: it would lock its sender out */
  async throttle(by: Actor, ip: string, reason: string | undefined): Promise<ThrottledSource> {
    const { addressKey, ip: plain } = addressOf(ip);
    const source = sourceName(ip);
    if (by.ip !== undefined && addressOf(by.ip).addressKey === addressKey)
      throw new Refusal('illegal_transition', {
        detail: 'You use this address yourself: you could not sign in again.',
      });
    return this.database.transaction(async (tx) => {
      const { until, added } = await throttleSource(tx, plain, THROTTLE_MINUTES.usual);
      await this.audit.append(tx, {
        actor: by,
        action: 'source.throttled',
        target: { kind: 'address', id: source },
        detail: { minutes: THROTTLE_MINUTES.usual, reason: reason ?? null },
      });
      return { source, until: until.toISOString(), added };
    });
  }

  /** @returns whether it was refused until now */
  async release(by: Actor, ip: string): Promise<boolean> {
    const plain = addressOf(ip).ip;
    const source = sourceName(ip);
    return this.database.transaction(async (tx) => {
      if (!(await releaseSource(tx, plain))) return false;
      await this.audit.append(tx, { actor: by, action: 'source.released', target: { kind: 'address', id: source } });
      return true;
    });
  }
}
