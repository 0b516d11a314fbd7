import type { NotificationPayload } from '../contracts/notifications.js';
import type { Config } from '../platform/config.js';
import type { Seal } from '../platform/seal.js';
import { type CodeBySms, writeText } from './domain/write-text.js';
import { placeOf } from './notify-person.js';
import type { ClaimedRow } from './store/outbox.js';

/** A message by SMS in the form in which it leaves. */
export type ComposedText = { to: string; text: string };

type Settings = Pick<Config, 'publicUrl'> & { seal: Seal };

/** @throws Error when the number and code can't be opened */
export function composeText(row: ClaimedRow, { publicUrl, seal }: Settings): ComposedText {
  if (row.sealed === null) throw new Error('The message lacks its number.');
  const { to, code } = JSON.parse(seal.open(row.sealed, placeOf(row.id))) as CodeBySms;
  const { minutes } = row.payload as NotificationPayload<'sign_in_code_by_sms'>;
  return { to, text: writeText(code, minutes, publicUrl) };
}
