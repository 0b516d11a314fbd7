import type { MailKind } from '../contracts/notifications.js';
import type { Config } from '../platform/config.js';
import type { Seal } from '../platform/seal.js';
import { oneLine, renderHtml, renderText } from './domain/render-message.js';
import { writeMessage } from './domain/messages/index.js';
import { placeOf } from './notify-person.js';
import type { ClaimedRow } from './store/outbox.js';

/** A message in the form in which it leaves. */
export type ComposedMail = {
  /** The same for each try, so that a mail server can see a repetition. */
  messageId: string;
  from: { name: string; address: string };
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
};

type MailRow = Omit<ClaimedRow, 'kind'> & { kind: MailKind };
type Settings = Pick<Config, 'publicUrl' | 'mailFrom'> & { seal: Seal };

/** @throws Error when the secret can't be opened, or the payload lacks what its kind needs */
export function composeMessage(row: MailRow, { publicUrl, mailFrom, seal }: Settings): ComposedMail {
  const context = {
    name: row.name,
    organisation: row.organisation,
    consoleUrl: publicUrl,
    timeZone: row.time_zone,
    secret: row.sealed === null ? undefined : seal.open(row.sealed, placeOf(row.id)),
  };
  // What was checked when it was queued; kind and payload of one row belong together.
  const message = writeMessage(row.kind, row.payload as never, context);
  const day = row.created_at.toISOString().slice(0, 10).replaceAll('-', '');
  const page = { message, context, envelope: { recipient: row.recipient, number: `G-${day}-${row.number}` } };
  return {
    messageId: `<${row.id}@${new URL(publicUrl).hostname.replace(/[[\]]/g, '')}>`,
    from: {
      name: oneLine(row.organisation === '' ? 'Gatehouse' : `Gatehouse, ${row.organisation}`),
      address: mailFrom,
    },
    to: { name: oneLine(row.name), address: row.recipient },
    subject: oneLine(message.subject),
    text: renderText(page),
    html: renderHtml(page),
  };
}
