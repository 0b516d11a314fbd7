import type { Role } from '../../contracts/people.js';

/** Who must have a second factor, and which kinds count. Times in milliseconds since 1970. */
export type SignInRules = {
  requiredRoles: readonly Role[];
  requiredSince: number;
  graceDays: number;
  strict: boolean;
};

const DAY_MS = 86_400_000;

/** When this person must have a second factor: so many days after it became required or the account was made; null where it isn't. */
export function requiredFrom(rules: SignInRules, person: { role: Role; createdAt: number }): number | null {
  if (!rules.requiredRoles.includes(person.role)) return null;
  return Math.max(rules.requiredSince, person.createdAt) + rules.graceDays * DAY_MS;
}
