import type { MailKind, NotificationPayload } from '../../../contracts/notifications.js';
import type { Message, MessageContext, Writer, Writers } from '../message.js';
import { accountMessages } from './account.js';
import { activityMessages } from './activity.js';
import { administrationMessages } from './administration.js';
import { factorMessages } from './factors.js';
import { passwordMessages } from './password.js';
import { recoveryMessages } from './recovery.js';
import { warningMessages } from './warnings.js';

/** Complete by its type: a kind without a writer doesn't compile. */
const writers: Writers<MailKind> = {
  ...passwordMessages,
  ...accountMessages,
  ...activityMessages,
  ...factorMessages,
  ...recoveryMessages,
  ...warningMessages,
  ...administrationMessages,
};

/** Says what a notification has to say. */
export function writeMessage<K extends MailKind>(
  kind: K,
  payload: NotificationPayload<K>,
  context: MessageContext,
): Message {
  const write: Writer<K> = writers[kind];
  return write(payload, context);
}
