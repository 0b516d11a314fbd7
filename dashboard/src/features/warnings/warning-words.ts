import type { WarningAnswer, WarningView } from '../../api/types.js';

export const answerWords: Record<WarningAnswer, string> = {
  asking: 'I’ll ask them',
  expected: 'Expected',
  not_expected: 'Not expected: secure the account',
};

/** What an answer does, before it is given. */
export const effectWords: Record<WarningAnswer, string> = {
  asking: 'Nobody else is told. Come back to this page and answer when you know.',
  expected: 'Closes the alert. Nothing else happens.',
  not_expected: 'Ends every session of the account, voids the password, and tells them and security.',
};

/** An answer that somebody gave. */
export const saidWords: Record<WarningAnswer, string> = {
  asking: 'asks them',
  expected: 'says that it was expected',
  not_expected: 'says that it was not expected: the account is secured',
};

const noveltyWords: Record<WarningView['novelties'][number], string> = {
  country: 'a country new for them',
  network: 'a network new for them',
  device: 'a device new for them',
  travel: 'farther from the last sign-in than anybody can travel in the time',
};
const listed = new Intl.ListFormat('en-GB');

/** Why it is doubted, in words that a manager can ask about. */
export function whyWords({ kind, novelties }: Pick<WarningView, 'kind' | 'novelties'>): string {
  if (kind === 'revoked-session-used') return 'a session that had been ended was used again: it may have been copied';
  if (novelties.length === 0) return 'it is unlike how they usually sign in';
  return listed.format(novelties.map((novelty) => noveltyWords[novelty]));
}

/** The answers that can still be given, in the order in which they are offered. */
export function openAnswers({ open, answers }: Pick<WarningView, 'open' | 'answers'>): WarningAnswer[] {
  if (!open) return [];
  return answers.length > 0 ? ['expected', 'not_expected'] : ['asking', 'expected', 'not_expected'];
}
