import type { AlertDetail } from '../../api/types.js';
import { factorWords } from '../live/attempt-words.js';

type SignIn = NonNullable<AlertDetail['signIn']>;

/** What was decided, where the application asked before it let somebody in. */
const decided: Record<NonNullable<SignIn['decision']>, string> = {
  allow: 'was allowed when it was asked about, and',
  challenge: 'was to be asked for a second factor, and',
  deny: 'was to be refused, yet',
};
/** Why our own sign-in asked for the second factor, where it was not the person's own rule. */
const askedBy: Record<string, string> = {
  risk_challenge: ', which was asked for because it looked unusual',
  rule_challenge: ', which was asked for because of an alert before',
};

/** What was decided at the sign-in of an alert, as the rest of a sentence that begins with "The sign-in". */
export function decisionWords({ decision, factor, reason }: SignIn): string {
  if (reason === 'not_judged') return 'was let in although it could not be judged in time';
  if (reason === 'no_factor_to_ask') return 'was let in: it looked unusual, but there was no second factor to ask for';
  const asked = decision === null ? 'was' : `${decided[decision]} was`;
  return `${asked} let in${withWhat(factor)}${reason === null ? '' : (askedBy[reason] ?? '')}`;
}

function withWhat(factor: SignIn['factor']): string {
  if (factor === null || factor === 'none') return '';
  if (factor === 'password') return ' with the password alone';
  const shown = factorWords(factor);
  return ` with ${shown.charAt(0).toLowerCase()}${shown.slice(1)}`;
}
