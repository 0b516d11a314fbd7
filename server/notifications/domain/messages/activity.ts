import { doerOf, factsOf, linkTo, type Writers } from '../message.js';

const listed = (words: readonly string[]): string => new Intl.ListFormat('en-GB').format(words);

export const activityMessages: Writers<
  'new_device_sign_in' | 'trust_copied' | 'session_ended' | 'sign_in_disowned' | 'account_secured' | 'was_this_you'
> = {
  new_device_sign_in: ({ circumstances, application, factors }, context) => ({
    subject: 'New sign-in to your account',
    heading: 'New sign-in to your account',
    paragraphs: [
      `${context.name}, someone signed in to ${application} with your ${listed(factors)}, on a device that you have not used before.`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: [
      'It can have been you, if you have a new phone or computer, or use another browser. Then there is nothing to do.',
      `If not, open ${context.consoleUrl}/me/activity, find the sign-in and choose "Wasn't me". That ends the session and every other one.`,
    ],
    page: 'Activity',
  }),
  trust_copied: ({ circumstances, device }, context) => ({
    subject: 'A device you trust may have been copied',
    heading: 'A device you trust may have been copied',
    paragraphs: [
      `Someone signed in with your password and an old copy of what makes ${device ?? 'one of your devices'} trusted. That device was signed out and is not trusted any more: the next sign-in from it asks for the second step.`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: [
      `If this was you, on a browser that was restored from a backup, there is nothing to do. If not, someone knows your password: set a new one now (${context.consoleUrl}/forgot), and have that device looked at.`,
    ],
    page: 'Devices',
  }),
  session_ended: ({ circumstances, by, sessions, reason }, context) => ({
    subject: sessions.length === 1 ? 'You were signed out' : `You were signed out of ${sessions.length} sessions`,
    heading: 'You were signed out',
    paragraphs: [
      `${doerOf(by)} ended ${sessions.length === 1 ? 'a session' : `${sessions.length} sessions`} of yours: ${listed(sessions.slice(0, 10))}.`,
      ...(reason === null ? [] : [`Reason: ${reason}`]),
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: [
      `You can sign in again. If you wonder why, ask ${by === 'Gatehouse' ? 'your IT department' : 'the person named above'}.`,
    ],
    page: 'Sessions',
  }),
  sign_in_disowned: ({ circumstances, person, email, application, alert }, context) => ({
    subject: `${person} says: that sign-in was not me`,
    heading: `${person} says: that sign-in was not me`,
    paragraphs: [
      `${person} (${email}) reported a sign-in to ${application} as not theirs. Their sessions were ended and they must choose a new password.`,
      ...(alert === null ? [] : [`The alert: ${context.consoleUrl}/alerts/${alert}`]),
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: ['Ask them by phone or in person what happened; do not answer this message.'],
    page: 'Inbox',
  }),
  was_this_you: ({ circumstances, application, hours }, context) => ({
    subject: 'Was this you?',
    heading: 'Was this you?',
    paragraphs: [
      `${context.name}, someone signed in to ${application} with your account, in a way that is unusual for you. It can be you if you are travelling, have a new phone or computer, or use a VPN.`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    action: {
      label: 'Answer yes or no',
      url: linkTo(context, '/was-this-you'),
      note: `Nothing happens by opening the page. The link takes one answer, for ${hours} hours.`,
    },
    undo: [
      'If you answer no, every device is signed out at once, security is told, and a new password must be chosen. You can answer on the page Activity as well.',
    ],
    page: 'Activity',
  }),
  account_secured: ({ circumstances, by }, context) => ({
    subject: 'Your account was secured',
    heading: 'Your account was secured',
    paragraphs: [
      `${by === null ? 'You reported a sign-in that was not you.' : `${by} says that a sign-in to your account was not expected.`} All other sessions were ended, no device is trusted any more, and a new password must be chosen.`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: [
      by === null
        ? `If you did not report anything, set a new password now: ${context.consoleUrl}/forgot.`
        : `Set a new password to go on: ${context.consoleUrl}/forgot. If it was you who signed in, tell ${by}.`,
    ],
    page: 'Activity',
  }),
};
