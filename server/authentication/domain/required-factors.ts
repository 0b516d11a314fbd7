import type { ProofFactor } from '../../contracts/factors.js';
import type { SignInRules } from '../../policies/domain/sign-in-rules.js';
import { type Proof, type Strength, strengthOf, strongest } from './assurance.js';

/** A second factor that is bound and confirmed. Backup codes alone don't make an account two-step. */
export type SecondFactor = Exclude<ProofFactor, 'password'>;

export type AccountFactors = {
  bound: readonly SecondFactor[];
  rules: SignInRules;
  /** A mailed link alone set the password: it proves no more than the mailbox does. */
  mailedPassword: boolean;
  /** When the person must have a second factor, in milliseconds since 1970; null where none is required. */
  requiredFrom: number | null;
  /** The next sign-in needs a second factor, whatever else would spare it. */
  challenged: boolean;
};

const sent: readonly SecondFactor[] = ['email', 'sms'];

/**
 * The factors that may be used. Where only forbidden ones are bound they still have to be shown: nobody's account gets weaker by a policy.
 * After a password that came by mail a code by mail would show the same mailbox once more (SP 800-63B-4 §4.2.2.2); where codes by mail
 * are all there is, a backup code is left, or an administrator.
 * Who has to show a second factor and has none shows that they read the mail of the account: nobody is locked out by a rule.
 */
export function usableFactors(account: AccountFactors): SecondFactor[] {
  const { bound, rules, mailedPassword } = account;
  if (isMailedOnly(account)) return ['email', ...bound];
  const distinct = bound.filter((factor) => !(mailedPassword && factor === 'email'));
  const allowed = distinct.filter((factor) => !(rules.strict && sent.includes(factor)));
  return allowed.some((factor) => factor !== 'backup_code') ? allowed : distinct;
}

/** What this sign-in still lacks; proofs count only when they are of distinct kinds and made in this very sign-in. */
export function stillMissing(
  proved: readonly Proof[],
  account: AccountFactors,
): 'nothing' | 'password' | 'second_factor' {
  if (proved.includes('passkey_verified')) return 'nothing';
  if (!proved.includes('password')) return 'password';
  const usable = usableFactors(account);
  if (!isTwoStep(account) && !account.challenged) return 'nothing';
  const spares = (proof: Proof): boolean => proof === 'passkey' || (proof === 'trusted_device' && !account.challenged);
  return proved.some((proof) => spares(proof) || (usable as readonly Proof[]).includes(proof))
    ? 'nothing'
    : 'second_factor';
}

/** Whether the password never opens the account alone, and that can't be turned off: then fewer characters of it are enough. */
export function isNeverAlone(account: AccountFactors): boolean {
  const usable = usableFactors(account);
  const strong = usable.includes('totp') || usable.includes('passkey');
  // A code by e-mail is no second factor (SP 800-63B-4 §3.1.3.1), one by SMS a weaker one.
  return account.requiredFrom !== null && strong && !sent.some((factor) => usable.includes(factor));
}

/** Whether sign-in asks for more than the password. */
export const isTwoStep = ({ bound }: AccountFactors): boolean => bound.some((factor) => factor !== 'backup_code');

/** Whether a code by mail is all that can be asked of somebody of whom more than the password is asked. */
export const isMailedOnly = (account: AccountFactors): boolean => account.challenged && !isTwoStep(account);

/** Whether codes by SMS are the only second factor, beside backup codes. */
export const hasSmsOnly = ({ bound }: AccountFactors): boolean =>
  bound.includes('sms') && bound.every((factor) => factor === 'sms' || factor === 'backup_code');

/** Whether a session may do nothing but set up a second factor: required, grace over, and none bound that the rules allow. */
export function mustSetUpFirst(account: AccountFactors, nowMs: number): boolean {
  const { requiredFrom } = account;
  return requiredFrom !== null && requiredFrom <= nowMs && !hasEnough(account);
}

/** Whether a second factor is bound that fulfils the rules where they require one. */
export const hasEnough = ({ bound, rules }: AccountFactors): boolean =>
  bound.some((factor) => factor !== 'backup_code' && (!rules.strict || !sent.includes(factor)));

/** What confirms a sensitive action: a factor of the strongest kind that is bound, or the password where nothing is. */
export function sufficientProof(account: AccountFactors): { strength: Strength; factors: ProofFactor[] } {
  if (!isTwoStep(account)) return { strength: 0, factors: ['password'] };
  const usable = usableFactors(account);
  const strength = strongest(usable.filter((factor) => factor !== 'backup_code'));
  return { strength, factors: usable.filter((factor) => strengthOf(factor) >= strength) };
}
