import type { SmsGateway } from '../../contracts/sms.js';
import type { Delivery } from '../../notifications/domain/retry.js';

/** Longest part of a gateway's answer that is kept. */
const ANSWER_MAX = 200;
/** Too early, too many, or our own log-in, which an administrator can mend: worth another try. */
const LATER = new Set([401, 403, 407, 408, 425, 429]);

/** Judges what a gateway answered: taken, worth repeating, or refused for good. */
export function judgeAnswer(gateway: SmsGateway, { status, text }: { status: number; text: string }): Delivery {
  const success = gateway.form === 'twilio' ? '2xx' : gateway.success;
  if (success.split(/, ?/).some((one) => new RegExp(`^${one.replace('xx', '\\d\\d')}$`).test(String(status))))
    return { outcome: 'sent' };
  if (status >= 300 && status < 400)
    return { outcome: 'refused', error: `${status}: the gateway points elsewhere, which is not followed.` };
  // No line breaks or signs that steer a terminal; the answer is somebody else's text.
  const words = text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, ANSWER_MAX);
  const error = words === '' ? `The gateway answered ${status}.` : `${status} ${words}`;
  return { outcome: LATER.has(status) || status >= 500 ? 'later' : 'refused', error };
}
