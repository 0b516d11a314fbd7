import type { DataSource } from 'typeorm';
import type { Delivery } from '../notifications/domain/retry.js';
import { OutgoingRefused, type Reach, sendOutside } from '../platform/outgoing.js';
import { SealError, type Seal } from '../platform/seal.js';
import { judgeAnswer } from './domain/judge-answer.js';
import { smsRequest, type TextMessage } from './domain/sms-request.js';
import { readGateway } from './read-gateway.js';

/** Carries one message to the gateway as it is set now; says how it went instead of throwing. */
export class CarrySms {
  constructor(
    private readonly database: DataSource,
    private readonly seal: Seal,
    private readonly reach: Reach,
  ) {}

  async carry(message: TextMessage): Promise<Delivery> {
    try {
      const set = await readGateway(this.database, this.seal);
      if (!set) return { outcome: 'refused', error: 'There is no SMS gateway any more.' };
      const answer = await sendOutside(smsRequest(set.gateway, set.secret, message), this.reach);
      const delivery = judgeAnswer(set.gateway, answer);
      // Some gateways repeat the request in what they answer.
      return 'error' in delivery ? { ...delivery, error: without(delivery.error, set.secret, message) } : delivery;
    } catch (error) {
      if (error instanceof OutgoingRefused) return { outcome: 'refused', error: error.message };
      if (error instanceof SealError)
        return { outcome: 'later', error: 'The key of the gateway does not open: type it again.' };
      return { outcome: 'later', error: reasonOf(error as NodeJS.ErrnoException) };
    }
  }
}

const without = (text: string, secret: string, { to, text: said }: TextMessage): string =>
  [secret, to, to.slice(1), said, ...(said.match(/\b\d{6}\b/g) ?? [])].reduce(
    (rest, part) => rest.replaceAll(part, '•••'),
    text,
  );

function reasonOf({ name, code, message }: NodeJS.ErrnoException): string {
  if (name === 'AbortError' || name === 'TimeoutError') return 'The gateway did not answer in time.';
  return `The gateway was not reached: ${code ?? message}.`;
}
