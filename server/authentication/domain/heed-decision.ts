import type { Decision } from '../../contracts/decisions.js';
import type { Proof } from './assurance.js';

/** What was decided about a sign-in; `judged` is false where nobody answered in time, which is a challenge. */
export type Told = { decision: Decision; judged: boolean };
export type Standing = {
  twoStep: boolean;
  trustedDevice: boolean;
  /** A rule has the next sign-in of this person ask for a second factor, whatever the decision is. */
  challenged: boolean;
};

/** Why a sign-in took the course that it took, where the decision is the reason. Recorded with the attempt. */
export type DecisionReason = 'source_attacks' | 'risk_challenge' | 'not_judged' | 'no_factor_to_ask' | 'rule_challenge';

/**
 * Whether a right password is refused. A known device never is: whoever attacks from the owner's network must not lock the owner
 * out, who shows a second factor instead.
 */
export const isRefused = ({ decision }: Told, knownDevice: boolean): boolean => decision === 'deny' && !knownDevice;

/** What a right password proves together with the browser, and why no more: only a sign-in that is allowed may spare the second factor. */
export function heedDecision(
  { decision, judged }: Told,
  { twoStep, trustedDevice, challenged }: Standing,
): { proved: Proof[]; reason: DecisionReason | undefined } {
  if (challenged) return { proved: ['password'], reason: 'rule_challenge' };
  const spared = twoStep && trustedDevice;
  if (decision === 'allow')
    return { proved: spared ? ['password', 'trusted_device'] : ['password'], reason: undefined };
  // Without a trusted device the second factor is asked for anyway.
  const changed = spared || !twoStep;
  const why = !judged ? 'not_judged' : twoStep ? 'risk_challenge' : 'no_factor_to_ask';
  return { proved: ['password'], reason: changed ? why : undefined };
}
