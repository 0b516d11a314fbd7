import { factsOf, linkTo, type MessageContext, timeFact, type Writers } from '../message.js';

/** Nothing happens by opening it: the page asks first. */
const cancelBy = (context: MessageContext) => ({
  label: 'Cancel the recovery',
  url: linkTo(context, '/cancel-recovery'),
  note: 'Works without signing in. Nothing happens by opening it; the page asks you first.',
});
const thenPassword = ({ consoleUrl }: MessageContext): string =>
  `If you did not ask for it, someone knows your password: cancel, then set a new password (${consoleUrl}/forgot).`;

export const recoveryMessages: Writers<
  | 'recovery_started'
  | 'recovery_reminder'
  | 'recovery_ready'
  | 'recovery_cancelled'
  | 'recovery_completed'
  | 'recovery_watched'
> = {
  recovery_started: ({ circumstances, readyAt }, context) => ({
    subject: 'Account recovery was started',
    heading: 'Account recovery was started',
    paragraphs: [
      `${context.name}, someone with your password says that your second factors are lost. After the wait we mail a link that, with the password, replaces them.`,
      'If it is you and you find your device, just sign in with it: that cancels the recovery.',
    ],
    facts: [...factsOf(circumstances, context.timeZone), timeFact('Link is mailed', readyAt, context.timeZone)],
    action: cancelBy(context),
    undo: [thenPassword(context)],
    page: 'Two-step',
  }),
  recovery_reminder: ({ startedAt, readyAt }, context) => ({
    subject: 'Account recovery is under way',
    heading: 'Account recovery is under way',
    paragraphs: [
      `${context.name}, half of the wait is over. At its end we mail a link that, with the password, replaces your second factors.`,
    ],
    facts: [timeFact('Started', startedAt, context.timeZone), timeFact('Link is mailed', readyAt, context.timeZone)],
    action: cancelBy(context),
    undo: [thenPassword(context)],
    page: 'Two-step',
  }),
  recovery_ready: ({ startedAt, hours }, context) => ({
    subject: 'Your account recovery is ready',
    heading: 'Your account recovery is ready',
    paragraphs: [
      `${context.name}, the wait is over. Open the link, enter your password, and set up a new second factor. Your old ones, backup codes, trusted devices and sessions end then.`,
    ],
    facts: [timeFact('Started', startedAt, context.timeZone)],
    action: {
      label: 'Recover the account',
      url: linkTo(context, '/recover'),
      note: `The link works once, for ${hours} hours, and only with the password. Nothing happens by opening it.`,
    },
    undo: [
      `If you did not ask for it, cancel it here: ${linkTo(context, '/cancel-recovery')}`,
      `Then set a new password: ${context.consoleUrl}/forgot`,
    ],
    page: 'Two-step',
  }),
  recovery_cancelled: ({ at, how }, context) => ({
    subject: 'Account recovery was cancelled',
    heading: 'Account recovery was cancelled',
    paragraphs: [`${how} Your second factors are unchanged, and links mailed for the recovery are void.`],
    facts: [timeFact('When', at, context.timeZone)],
    undo: [
      `If you did not cancel it and your second factors are lost, sign in with your password and start it again. If you never asked for it, set a new password: ${context.consoleUrl}/forgot`,
    ],
    page: 'Two-step',
  }),
  recovery_completed: ({ circumstances }, context) => ({
    subject: 'Your account was recovered',
    heading: 'Your account was recovered',
    paragraphs: [
      'With the password and the mailed link, all second factors, backup codes, trusted devices and sessions were ended. A new second factor has to be set up.',
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: ['If this was not you, call your administrator now.'],
    page: 'Two-step',
  }),
  recovery_watched: ({ circumstances, person, readyAt }, context) => ({
    subject: `Account recovery of ${person} was started`,
    heading: `Account recovery of ${person} was started`,
    paragraphs: [
      `Someone with the password of ${person} says that the second factors are lost. Ask ${person} whether it is so; an administrator can cancel it on the page of the person.`,
    ],
    facts: [...factsOf(circumstances, context.timeZone), timeFact('Link is mailed', readyAt, context.timeZone)],
    undo: [`If it is not ${person}, have it cancelled and a new password set.`],
    page: 'People',
  }),
};
