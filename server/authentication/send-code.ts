import { createHmac, randomInt, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { SENT_CODE_MINUTES, type SentCode, type SentFactor } from '../contracts/factors.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { equalInConstantTime } from '../platform/crypto.js';
import type { KeyRing } from '../platform/key-ring.js';
import type { Limit, Limits } from '../platform/limits.js';
import type { AdmitSms } from '../sms/admit-sms.js';
import { coveredNumber } from '../sms/covered-number.js';
import { coveredAddress } from './domain/covered-address.js';
import type { Origin } from './open-session.js';
import { insertSentCode, readSentCode } from './store/sent-codes.js';

/** Codes on their way to one person: nobody's mailbox or phone is to be filled. */
const SENDING: Limit = { name: 'code:send', points: 5, seconds: 900, blockSeconds: 900 };
const DIGITS = 6;

/** Whom a code is for, and the address or number that it goes to. */
type Recipient = { personId: string; factor: SentFactor; to: string };

/** Sends codes by e-mail or SMS, each for one sign-in or session only, and tells which code counts. */
export class SendCode {
  constructor(
    private readonly database: DataSource,
    private readonly notifications: NotifyPerson,
    private readonly limiter: Limits,
    private readonly texts: AdmitSms,
    private readonly ring: KeyRing,
    private readonly now: () => number,
  ) {}

  /**
   * Sends a new code. Wrong tries that were counted stay counted (SP 800-63B-4 §3.1.3.2).
   * @param boundTo the sign-in or session that alone may use it
   * @throws Refusal `too_many_tries` when too many were sent; by SMS also `sms_unavailable`, `number_not_allowed`, `too_many_messages`
   */
  async send(to: Recipient, authenticatorId: string, boundTo: string, origin: Origin): Promise<SentCode> {
    await this.limiter.take(SENDING, to.personId);
    if (to.factor === 'sms')
      await this.texts.take(this.database, { personId: to.personId, number: to.to, ip: origin.ip });
    const id = randomUUID();
    const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
    const lifeSeconds = SENT_CODE_MINUTES * 60;
    await this.database.transaction(async (tx) => {
      await insertSentCode(tx, { id, authenticatorId, boundTo, hash: hash(this.ring[0], id, code), lifeSeconds });
      if (to.factor === 'sms') await this.texts.takeOfAll(tx);
      const message = to.factor === 'sms' ? this.text(to, code) : this.mail(to, code, origin);
      const dedupKey = `sign_in_code:${id}`;
      await this.notifications.notify(tx, to.personId, { ...message, dedupKey, expiresInSeconds: lifeSeconds });
    });
    return { to: covered(to), minutes: SENT_CODE_MINUTES };
  }

  /** @returns the id of the code, if it is the one that counts now */
  async match(authenticatorId: string, boundTo: string, code: string): Promise<string | undefined> {
    const sent = await readSentCode(this.database, authenticatorId, boundTo);
    if (!sent) return undefined;
    const isRight = this.ring.some((key) => equalInConstantTime(hash(key, sent.id, code), sent.hash));
    return isRight ? sent.id : undefined;
  }

  private mail({ to }: Recipient, code: string, origin: Origin) {
    const circumstances = circumstancesOf(origin, this.now());
    return { kind: 'sign_in_code', payload: { circumstances, minutes: SENT_CODE_MINUTES }, secret: code, to } as const;
  }

  /** The number is sealed with the code: what stays in the outbox, and administrators see, is the covered one. */
  private text(recipient: Recipient, code: string) {
    const secret = JSON.stringify({ to: recipient.to, code });
    const payload = { minutes: SENT_CODE_MINUTES };
    return { kind: 'sign_in_code_by_sms', payload, secret, to: covered(recipient) } as const;
  }
}

/** Keyed, as a million codes are tried in no time: a stolen table alone says nothing. */
const hash = (key: Buffer, id: string, code: string): Buffer =>
  createHmac('sha256', key).update(`${id}:${code}`).digest();
const covered = ({ factor, to }: Recipient): string => (factor === 'sms' ? coveredNumber(to) : coveredAddress(to));
