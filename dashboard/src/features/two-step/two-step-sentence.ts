import type { FactorsView } from '../../api/types.js';
import { choice } from '../../ui/wording.js';

type Kind = FactorsView['authenticators'][number]['kind'];

/** What is typed after the password. A passkey is none of these: it needs no password. */
const codeWords: Record<Exclude<Kind, 'passkey'>, string> = {
  totp: 'a code from your app',
  email: 'a code by e-mail (weaker)',
  sms: 'a code by SMS (weaker)',
};

/** The first sentence of the page: what a sign-in asks for. */
export function twoStepSentence({ on, authenticators }: Pick<FactorsView, 'on' | 'authenticators'>): string {
  if (!on) return 'Your password alone signs you in.';
  const kinds = [...new Set(authenticators.map(({ kind }) => kind))];
  const codes = choice(kinds.flatMap((kind) => (kind === 'passkey' ? [] : [codeWords[kind]])));
  if (!kinds.includes('passkey')) return `Signing in takes your password and ${codes}.`;
  return `A passkey alone signs you in. ${codes === '' ? 'Your password alone does not.' : `Otherwise it takes your password and ${codes}.`}`;
}
