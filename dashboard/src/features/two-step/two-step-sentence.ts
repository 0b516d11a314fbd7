import type { FactorsView } from '../../api/types.js';
import { list } from '../../ui/wording.js';

const kindWords: Record<FactorsView['authenticators'][number]['kind'], string> = {
  totp: 'a code from your app',
  passkey: 'a passkey',
  email: 'a code by e-mail (weaker)',
  sms: 'a code by SMS (weaker)',
};

/** The first sentence of the page: what a sign-in asks for. */
export function twoStepSentence({ on, authenticators }: FactorsView): string {
  if (!on) return 'Your password alone signs you in.';
  const kinds = [...new Set(authenticators.map(({ kind }) => kindWords[kind]))];
  return `Signing in takes your password and ${kinds.length === 1 ? (kinds[0] ?? '') : `one of: ${list(kinds)}`}.`;
}
