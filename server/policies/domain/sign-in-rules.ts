/** What the organisation asks of one role at sign-in. Times in milliseconds since 1970. */
export type SignInRules = {
  /** Since when a second factor is required; null where it isn't. */
  requiredSince: number | null;
  graceDays: number;
  /** Codes by e-mail and SMS don't count. */
  strict: boolean;
};

const DAY_MS = 86_400_000;

/** When a person must have a second factor: so many days after it became required or the account was made; null where it isn't. */
export function requiredFrom(rules: SignInRules, createdAt: number): number | null {
  if (rules.requiredSince === null) return null;
  return Math.max(rules.requiredSince, createdAt) + rules.graceDays * DAY_MS;
}
