import type { DataSource } from 'typeorm';
import type { Config } from '../platform/config.js';
import type { Logger } from '../platform/logging.js';
import type { Seal } from '../platform/seal.js';
import { type ComposedMail, composeMessage } from './compose-message.js';
import { type ComposedText, composeText } from './compose-text.js';
import { type Delivery, pauseAfter } from './domain/retry.js';
import { claimDue, type ClaimedRow, postpone, settle } from './store/outbox.js';

/** Carries one message; says how it went instead of throwing. */
export type CarryMail = (mail: ComposedMail) => Promise<Delivery>;
export type CarryText = (text: ComposedText) => Promise<Delivery>;

/** Messages carried side by side. */
const BATCH = 5;
/** A worker that took a message and says nothing for this long is taken for gone, in seconds; longer than any try may last. */
const LEASE_SECONDS = 120;

type Parts = {
  database: DataSource;
  settings: Pick<Config, 'publicUrl' | 'mailFrom'> & { seal: Seal };
  carry: CarryMail;
  carryText: CarryText;
  /** Lets go what was held back long enough. */
  releaseHeld: () => Promise<void>;
  /** Called after messages went out, or came back. */
  onDelivered: () => void;
  logger: Logger;
};

/**
 * Empties the outbox of what is due. At least once: a worker killed between the server's "250" and its own commit leaves a message
 * that is sent again, with the same Message-ID.
 */
export class DeliverDue {
  constructor(private readonly parts: Parts) {}

  async run(): Promise<void> {
    await this.parts.releaseHeld();
    for (;;) {
      const rows = await claimDue(this.parts.database, BATCH, LEASE_SECONDS);
      await Promise.all(rows.map((row) => this.deliver(row)));
      if (rows.length > 0) this.parts.onDelivered();
      if (rows.length < BATCH) return;
    }
  }

  private async deliver(row: ClaimedRow): Promise<void> {
    const { database, logger } = this.parts;
    if (row.expired)
      return settle(database, row.id, 'failed', 'It was of no use any more when it could have been sent.');
    const delivery = await this.attempt(row);
    if (delivery.outcome === 'sent') return settle(database, row.id, 'sent', null);
    logger.warn({ id: row.id, kind: row.kind, tries: row.tries, error: delivery.error }, 'a message was not delivered');
    if (delivery.outcome === 'refused') return settle(database, row.id, 'bounced', delivery.error);
    const pause = pauseAfter(row.tries);
    if (pause === undefined) return settle(database, row.id, 'failed', delivery.error);
    return postpone(database, row.id, pause, delivery.error);
  }

  /** A message that can't even be composed is kept and tried again: a repaired key or program makes it whole. */
  private async attempt(row: ClaimedRow): Promise<Delivery> {
    const { settings, carry, carryText } = this.parts;
    const { kind } = row;
    let send: () => Promise<Delivery>;
    try {
      if (kind === 'sign_in_code_by_sms') {
        const text = composeText(row, settings);
        send = () => carryText(text);
      } else {
        const mail = composeMessage({ ...row, kind }, settings);
        send = () => carry(mail);
      }
    } catch (error) {
      this.parts.logger.error({ err: error, id: row.id }, 'a message could not be composed');
      return { outcome: 'later', error: 'It could not be composed; the log says why.' };
    }
    return send();
  }
}
