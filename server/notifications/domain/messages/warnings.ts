import type { NotificationPayload } from '../../../contracts/notifications.js';
import { type Fact, factsOf, linkTo, secretOf, timeFact, type Writers } from '../message.js';

type Warning = NotificationPayload<'manager_warning'>;

const digestWords: Partial<Record<string, string>> = { manager_warning: 'Unusual sign-ins' };

const noveltyWords: Record<Warning['novelties'][number], string> = {
  country: 'a country new for them',
  network: 'a network new for them',
  device: 'a device new for them',
  travel: 'farther from the last sign-in than anybody can travel in the time',
};

const whyOf = ({ revokedSession, novelties }: Warning): string => {
  if (revokedSession) return 'a session that had been ended was used again: it may have been copied';
  if (novelties.length === 0) return 'it is unlike how they usually sign in';
  return new Intl.ListFormat('en-GB').format(novelties.map((novelty) => noveltyWords[novelty]));
};

/** Who, where, why: what a manager needs to know whom to call, and no address. */
function threeLines(warning: Warning): Fact[] {
  const { place, client } = warning.circumstances;
  const from = [place === null ? 'place not known' : `near ${place}`, client ?? 'device not known'].join(', ');
  return [
    { label: 'Who', value: warning.person, note: `to ${warning.application}` },
    { label: 'Where', value: from, note: 'the place is a guess' },
    { label: 'Why', value: whyOf(warning) },
  ];
}

const heldWords =
  'So many came at once, or while your quiet hours held, that they were gathered. Nothing critical is among them.';
const criticalWords =
  'They came right after the one that you were told of first, and may be one attack. Each of these people may have somebody else in their account now: answer for each.';

export const warningMessages: Writers<'manager_warning' | 'sign_in_not_expected' | 'digest'> = {
  manager_warning: (warning, context) => {
    const { value, note } = timeFact('When', warning.circumstances.at, context.timeZone);
    const link = (answer: string): string => `${linkTo(context, '/warning')}&answer=${answer}`;
    return {
      subject: `Unusual sign-in of ${warning.person}`,
      heading: `Did you expect this sign-in of ${warning.person}?`,
      paragraphs: [`On ${value} (${note}), alert ${warning.alert}:`],
      facts: threeLines(warning),
      action: {
        label: "I'll ask them",
        url: link('asking'),
        others: [
          { label: 'Expected', url: link('expected') },
          { label: 'Not expected: secure the account', url: link('not_expected') },
        ],
        note: `Nothing happens by opening a link: the page asks you first, works without signing in, and takes answers until ${timeFact('', warning.until, context.timeZone).value}.`,
      },
      undo: [
        'Ask by phone or in person, not by answering a mail: it could be the intruder who answers.',
        warning.minutes === null
          ? 'Nobody answered before you. Security sees the alert in the console too.'
          : `If nobody answers within ${warning.minutes} minutes, the next in line is told.`,
      ],
      page: 'Home',
    };
  },
  digest: ({ counts, links, critical }, context) => {
    const tokens = JSON.parse(secretOf(context)) as string[];
    const [first, ...others] = links.map(({ person, alert }, index) => ({
      label: `${person}, ${alert}`,
      url: `${context.consoleUrl}/warning#token=${tokens[index] ?? ''}`,
    }));
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    const title = critical ? `${total} more critical sign-ins` : `${total} messages in one`;
    return {
      subject: title,
      heading: title,
      paragraphs: [critical ? criticalWords : heldWords],
      facts: counts.map(({ kind, count }) => ({ label: digestWords[kind] ?? kind, value: String(count) })),
      ...(first && {
        action: {
          ...first,
          others,
          note: `${total > links.length ? `The newest ${links.length}` : `All ${total}`} of them, each with its own question. Nothing happens by opening a link.`,
        },
      }),
      undo: [
        total > links.length
          ? 'The others are not listed; security sees all of them in the console. If it does not stop, tell them.'
          : 'If it does not stop, tell security.',
      ],
      page: 'Home',
    };
  },
  sign_in_not_expected: ({ circumstances, person, by, application, alert }, context) => ({
    subject: `${by} says: that sign-in of ${person} was not expected`,
    heading: `${by} says: that sign-in of ${person} was not expected`,
    paragraphs: [
      `It is about a sign-in to ${application}. All sessions of ${person} were ended and a new password must be chosen.`,
      `The alert: ${context.consoleUrl}/alerts/${alert}`,
    ],
    facts: factsOf(circumstances, context.timeZone),
    undo: [`Ask ${person} and ${by} by phone or in person what happened; do not answer this message.`],
    page: 'Inbox',
  }),
};
