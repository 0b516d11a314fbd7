import { createHmac } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { raisePlainAlert } from '../alerts/raise-plain-alert.js';
import type { Queryable } from '../platform/database/data-source.js';
import { addressOf } from '../platform/address.js';
import { Refusal } from '../platform/errors.js';
import type { Limit, Limits } from '../platform/limits.js';
import { countTexts, type GatewayRow, readGatewayRow } from './store/sms-gateway.js';

/** Each message costs money, and numbers exist that earn it: what one number, person and network get in a day. */
const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;
const PER_NUMBER: Limit = { name: 'sms:number', points: 10, seconds: DAY_SECONDS, blockSeconds: 0 };
const PER_PERSON: Limit = { name: 'sms:person', points: 20, seconds: DAY_SECONDS, blockSeconds: 0 };
/** More than a person ever needs, as an office shares one address. */
const PER_SOURCE: Limit = { name: 'sms:source', points: 60, seconds: HOUR_SECONDS, blockSeconds: 0 };

type Sending = { personId: string; number: string; ip: string };

/** Says whether a code may be sent to a number: by the gateway's rules, and by how many were sent. */
export class AdmitSms {
  /** @param key for phone numbers, which the table of limits must not give away */
  constructor(
    private readonly limiter: Limits,
    private readonly key: Buffer,
  ) {}

  /**
   * Counts a message by person, number and network.
   * @throws Refusal `sms_unavailable`, `number_not_allowed`, `too_many_messages`
   */
  async take(database: Queryable, { personId, number, ip }: Sending): Promise<void> {
    requireAllowed(await readGatewayRow(database), number);
    await this.count(PER_PERSON, personId, 'You got as many codes by SMS as one person may in a day.');
    const covered = createHmac('sha256', this.key).update(number).digest('base64url');
    await this.count(PER_NUMBER, covered, 'This number got as many codes as one may in a day.');
    await this.count(PER_SOURCE, addressOf(ip).addressKey, 'Too many codes by SMS were asked for from your network.');
  }

  /** Counts it for the whole installation, in the transaction that queues it: of any number at once no more pass than may. */
  async takeOfAll(tx: EntityManager): Promise<void> {
    const row = await readGatewayRow(tx, true);
    if (!row) throw new Refusal('sms_unavailable');
    const sent = await countTexts(tx);
    if (sent + 1 >= row.perDay) await raiseLimitAlert(tx);
    if (sent >= row.perDay)
      throw new Refusal('too_many_messages', {
        detail: 'Your organisation sends no more codes by SMS today. Use another way, or tell your administrator.',
        retryAfter: HOUR_SECONDS,
      });
  }

  private async count(limit: Limit, key: string, sentence: string): Promise<void> {
    try {
      await this.limiter.take(limit, key);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'too_many_tries') throw error;
      const detail = `${sentence} Use another way, or try again later.`;
      throw new Refusal('too_many_messages', { ...error.info, detail });
    }
  }
}

/** Told with the last message that may be sent, as what is raised with a refusal is undone with it; once a day. */
function raiseLimitAlert(tx: EntityManager): Promise<void> {
  const event = new Date().toISOString().slice(0, 10);
  return raisePlainAlert(tx, { kind: 'sms-limit', severity: 'medium', event, subject: 'Codes by SMS', personId: null });
}

/** @throws Refusal `sms_unavailable` without a gateway, `number_not_allowed` outside the countries that it serves */
export function requireAllowed(row: Pick<GatewayRow, 'prefixes'> | undefined, number: string): void {
  if (!row) throw new Refusal('sms_unavailable');
  if (row.prefixes.length > 0 && !row.prefixes.some((prefix) => number.startsWith(prefix)))
    throw new Refusal('number_not_allowed', {
      detail: `Your organisation sends codes to numbers that begin with ${row.prefixes.join(', ')}.`,
    });
}
