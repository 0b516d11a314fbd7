import type { WebhookMessage } from '../contracts/webhooks.js';
import { OutgoingRefused, type Reach, sendOutside } from '../platform/outgoing.js';
import { type Seal, SealError } from '../platform/seal.js';
import { version } from '../platform/version.js';
import { judgeReceipt, type Receipt } from './domain/judge-receipt.js';
import { openSecrets } from './read-target.js';
import { signedHeaders } from './sign-message.js';
import type { TargetRow } from './store/target.js';

/** The longest that one request may take in all, name look-up and answer included, in milliseconds. */
const DEADLINE_MS = 10_000;

/** Carries one message to the target; says how it went instead of throwing. */
export class CarryEvent {
  constructor(
    private readonly seal: Seal,
    private readonly reach: Pick<Reach, 'privateAllowed'>,
  ) {}

  /** @param id the same for each try, so that a receiver can see a repetition */
  async carry(target: TargetRow, id: string, message: WebhookMessage): Promise<Receipt> {
    try {
      const body = JSON.stringify(message);
      const signed = { id, timestamp: Math.floor(Date.now() / 1_000), body };
      const headers = {
        ...signedHeaders(openSecrets(this.seal, target), signed),
        'content-type': 'application/json',
        'user-agent': `Gatehouse/${version}`,
      };
      const request = { url: target.url, method: 'POST', headers, body };
      return judgeReceipt(await sendOutside(request, { ...this.reach, timeoutMs: DEADLINE_MS }));
    } catch (error) {
      if (error instanceof OutgoingRefused) return { outcome: 'later', error: error.message };
      if (error instanceof SealError)
        return { outcome: 'later', error: 'The secret does not open: renew it under Settings, Webhook.' };
      return { outcome: 'later', error: reasonOf(error as NodeJS.ErrnoException) };
    }
  }
}

function reasonOf({ name, code, message }: NodeJS.ErrnoException): string {
  if (name === 'AbortError' || name === 'TimeoutError')
    return `The receiver did not answer within ${DEADLINE_MS / 1_000} seconds.`;
  return `The receiver was not reached: ${code ?? message}.`;
}
