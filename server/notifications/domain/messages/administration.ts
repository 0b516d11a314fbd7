import { factsOf, type Writers } from '../message.js';

export const administrationMessages: Writers<'break_glass_used' | 'test_message'> = {
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
  test_message: (_payload, context) => ({
    subject: 'Gatehouse can send mail',
    heading: 'Gatehouse can send mail',
    paragraphs: [`${context.name}, you asked for this message on the page Mail. It arrived, so mail works.`],
    facts: [],
    undo: ['There is nothing to undo.'],
    page: 'Mail',
  }),
};
