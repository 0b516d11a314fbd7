import type { IdentityCheck } from '../../../contracts/factors.js';
import { doerOf, factsOf, type MessageContext, secretOf, type Writers } from '../message.js';

const notYou = ({ consoleUrl }: MessageContext): string =>
  `If you did not do this, set a new password now (${consoleUrl}/forgot), look at your factors under Two-step, and tell your administrator.`;

const identityCheckWords: Record<IdentityCheck, string> = {
  in_person: 'you came in person, with an identity document',
  video_call: 'a video call with a colleague who knows you',
  call_back: 'a call back on the number on file',
  manager: 'your manager confirmed it',
};

export const factorMessages: Writers<
  | 'sign_in_code'
  | 'factor_added'
  | 'factor_removed'
  | 'two_step_turned_off'
  | 'two_step_reminder'
  | 'factors_reset'
  | 'backup_codes_made'
  | 'backup_codes_low'
> = {
  sign_in_code: ({ circumstances, minutes }, context) => ({
    // The code is not part of the subject: locked screens show subjects.
    subject: 'Your sign-in code',
    heading: 'Your sign-in code',
    paragraphs: [`Type this code on the page that asks for it. It works once, for ${minutes} minutes.`],
    code: secretOf(context),
    facts: factsOf(circumstances, context.timeZone),
    undo: [
      `If you are not signing in right now, someone knows your password: set a new one (${context.consoleUrl}/forgot). Never tell this code to anybody.`,
    ],
    page: 'Two-step',
  }),
  factor_added: ({ circumstances, by, factor }, context) => ({
    subject: 'A way to sign in was added',
    heading: 'A way to sign in was added',
    paragraphs: [`${doerOf(by)} added to your account: ${factor}.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: [notYou(context)],
    page: 'Two-step',
  }),
  factor_removed: ({ circumstances, by, factor }, context) => ({
    subject: 'A way to sign in was removed',
    heading: 'A way to sign in was removed',
    paragraphs: [`${doerOf(by)} removed from your account: ${factor}.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: [notYou(context)],
    page: 'Two-step',
  }),
  two_step_turned_off: ({ circumstances, by }, context) => ({
    subject: 'Two-step sign-in was turned off',
    heading: 'Two-step sign-in was turned off',
    paragraphs: [`${doerOf(by)} turned off two-step sign-in. Your password alone now opens your account.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: [notYou(context)],
    page: 'Two-step',
  }),
  two_step_reminder: ({ by }, context) => ({
    subject: 'Please turn on two-step sign-in',
    heading: 'Please turn on two-step sign-in',
    paragraphs: [
      `${context.name}, ${by} asks you to turn on two-step sign-in. With it your password alone opens nothing: a passkey, or a code from your phone, is asked too.`,
      'It takes two minutes: sign in to Gatehouse, open "Two-step", and follow the steps.',
    ],
    facts: [],
    undo: ['If you wonder why, ask the person named above. Nobody needs your password or a code for it.'],
    page: 'Two-step',
  }),
  factors_reset: ({ circumstances, by, identityCheck, note }, context) => ({
    subject: 'Your second factors were reset',
    heading: 'Your second factors were reset',
    paragraphs: [
      `${doerOf(by)} removed all second factors of your account, so that you can set up new ones.`,
      `How it was made sure that it was you who asked: ${identityCheckWords[identityCheck]}. The note on it: “${note}”`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: ['If you did not ask for this, call your administrator now.'],
    page: 'Two-step',
  }),
  backup_codes_made: ({ circumstances, count }, context) => ({
    subject: 'New backup codes were made',
    heading: 'New backup codes were made',
    paragraphs: [`${count} new backup codes were made for your account. All earlier ones are void.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: [notYou(context)],
    page: 'Two-step',
  }),
  backup_codes_low: ({ left }) => ({
    subject: left === 0 ? 'You have no backup codes left' : `You have ${left} backup codes left`,
    heading: left === 0 ? 'You have no backup codes left' : `You have ${left} backup codes left`,
    paragraphs: ['Backup codes open your account when your other factors are lost. Make new ones while you can.'],
    facts: [],
    undo: ['If you did not use any, someone else may have: make new ones, which voids the old.'],
    page: 'Two-step',
  }),
};
