import { doerOf, factsOf, linkTo, type Writers } from '../message.js';

const resetByHand = (consoleUrl: string): string =>
  `If you did not do this, set a new password now: ${consoleUrl}/forgot. That ends every other session.`;

export const passwordMessages: Writers<
  'password_reset_link' | 'password_changed' | 'password_change_required' | 'longer_password_required'
> = {
  password_reset_link: ({ circumstances, minutes }, context) => ({
    subject: 'Set a new password',
    heading: 'Set a new password',
    paragraphs: [
      `${context.name}, someone asked for a new password for your account. Your password is the same until you choose another.`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    action: {
      label: 'Choose a new password',
      url: linkTo(context, '/reset'),
      note: `The link works once, for ${minutes} minutes. Nothing happens by opening it; your second factor is still asked afterwards.`,
    },
    undo: ['If it was not you, do nothing: without this message nobody can use the link.'],
    page: 'Forgot your password?',
  }),
  password_changed: ({ circumstances, by, first }, context) => ({
    subject: first === true ? 'Your password is set' : 'Your password was changed',
    heading: first === true ? 'Your password is set' : 'Your password was changed',
    paragraphs: [
      first === true
        ? `${context.name}, the first password of your account was chosen by the link of your invitation. You can sign in with it now.`
        : `${doerOf(by)} changed the password of your account. All other sessions were signed out.`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: [resetByHand(context.consoleUrl)],
    page: 'Password',
  }),
  password_change_required: ({ by, reason }, context) => ({
    subject: 'Choose a new password at your next sign-in',
    heading: 'Choose a new password at your next sign-in',
    paragraphs: [
      `${context.name}, ${by} asks you to choose a new password. At your next sign-in this is the first thing you will see.`,
      ...(reason === null ? [] : [`Reason: ${reason}`]),
    ],
    facts: [],
    undo: ['There is nothing to undo. If you wonder why, ask the person named above.'],
    page: 'Password',
  }),
  longer_password_required: ({ minimum }, context) => ({
    subject: 'Choose a longer password',
    heading: 'Choose a longer password',
    paragraphs: [
      `${context.name}, your password is short. That was enough as long as an authenticator app or a passkey always came on top of it. It doesn’t any more, so the password alone may open your account.`,
      `Choose one of ${minimum} characters or more. Until you have, every page but that one stays closed to you.`,
    ],
    facts: [],
    undo: [
      `This follows from your two-step sign-in being turned off, or from new rules of your organisation. If you don’t know why, look at Two-step (${context.consoleUrl}/me/2fa) and ask your administrator.`,
    ],
    page: 'Password',
  }),
};
