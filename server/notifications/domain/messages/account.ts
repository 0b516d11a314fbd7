import { doerOf, factsOf, linkTo, type Writers } from '../message.js';

const notYou = (what: string, consoleUrl: string): string =>
  `If you did not do this, ${what} and set a new password: ${consoleUrl}/forgot.`;

export const accountMessages: Writers<
  'invitation' | 'address_confirmation' | 'address_added' | 'address_removed' | 'notices_stopped' | 'role_changed'
> = {
  invitation: ({ by, days }, context) => ({
    subject: `Your account at ${context.organisation || 'Gatehouse'}`,
    heading: 'Your account is ready',
    paragraphs: [
      `${context.name}, ${by} made an account for you. Choose a password, and you can see where you are signed in and end what you don't know.`,
    ],
    facts: [],
    action: {
      label: 'Choose your password',
      url: linkTo(context, '/welcome'),
      note: `The link works once, for ${days} days. Nothing happens by opening it.`,
    },
    undo: ['If you did not expect this, ask your administrator before you use it.'],
    page: 'Forgot your password?',
  }),
  address_confirmation: ({ address, hours }, context) => ({
    subject: 'Confirm this address',
    heading: 'Confirm this address',
    paragraphs: [`${context.name} wants to receive the security messages of their account at ${address} as well.`],
    facts: [],
    action: {
      label: 'Confirm this address',
      url: linkTo(context, '/confirm-address'),
      note: `The link works once, for ${hours} hours.`,
    },
    undo: ['If this is not your account, do nothing: the address is not used unless it is confirmed.'],
    page: 'Addresses',
  }),
  address_added: ({ circumstances, by, address }, context) => ({
    subject: 'An address was added to your account',
    heading: 'An address was added to your account',
    paragraphs: [`${doerOf(by)} added ${address}. Security messages and links to set a new password now go there too.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: [notYou('remove the address', context.consoleUrl)],
    page: 'Addresses',
  }),
  address_removed: ({ circumstances, by, address }, context) => ({
    subject: 'An address was removed from your account',
    heading: 'An address was removed from your account',
    paragraphs: [`${doerOf(by)} removed ${address}. No more messages about your account go there.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: [notYou('add the address again', context.consoleUrl)],
    page: 'Addresses',
  }),
  notices_stopped: ({ circumstances, address }, context) => ({
    subject: 'Security messages go to one address less',
    heading: 'Security messages go to one address less',
    paragraphs: [`You chose that security messages no longer go to ${address}. Those about account recovery still do.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: [notYou('turn them on again', context.consoleUrl)],
    page: 'Addresses',
  }),
  role_changed: ({ circumstances, by, role }, context) => ({
    subject: 'Your role was changed',
    heading: 'Your role was changed',
    paragraphs: [`${doerOf(by)} changed your role to: ${role}. What you may see and do follows from it.`],
    facts: factsOf(circumstances, context.timeZone),
    undo: ['If it should be otherwise, ask your administrator.'],
    page: 'Home',
  }),
};
