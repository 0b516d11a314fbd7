import { factsOf, timeFact, type Writers } from '../message.js';

export const administrationMessages: Writers<'break_glass_used' | 'webhook_disabled' | 'test_message'> = {
  break_glass_used: ({ circumstances, email }, context) => ({
    subject: 'The emergency way into Gatehouse was used',
    heading: 'The emergency way into Gatehouse was used',
    paragraphs: [
      `Someone with access to the machine ran "gatehouse admin recover" for ${email}. That account is an administrator and has a new password.`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: ['If nobody of you did this, someone else has the machine: disable that account, and look at the audit log.'],
    page: 'Audit',
  }),
  webhook_disabled: ({ at, server, reason }, context) => ({
    subject: 'The webhook of Gatehouse is off',
    heading: 'The webhook of Gatehouse is off',
    paragraphs: [
      `${server} is told of no alerts any more: ${reason}`,
      'Alerts go on being raised and shown in the console. What happens until somebody turns the webhook on again is not sent later.',
    ],
    facts: [timeFact('When', at, context.timeZone)],
    undo: ['Mend the receiver, send it a test message, and turn the webhook on again.'],
    page: 'Webhook',
  }),
  test_message: (_payload, context) => ({
    subject: 'Gatehouse can send mail',
    heading: 'Gatehouse can send mail',
    paragraphs: [`${context.name}, you asked for this message on the page Mail. It arrived, so mail works.`],
    facts: [],
    undo: ['There is nothing to undo.'],
    page: 'Mail',
  }),
};
