import type { Role, SignInPolicyView } from '../../api/types.js';
import { count, list } from '../../ui/wording.js';

const rolesInWords: Record<Role, string> = {
  user: 'users',
  manager: 'managers',
  analyst: 'analysts',
  admin: 'administrators',
  auditor: 'auditors',
};

/** Who has to have a second factor, as the page's first sentence. */
export function rulesSentence({ roles }: Pick<SignInPolicyView, 'roles'>): string {
  const required = roles.filter(({ factorRequired }) => factorRequired).map(({ role }) => rolesInWords[role]);
  if (required.length === 0) return 'Nobody must have a second factor.';
  if (required.length === roles.length) return 'Everybody must have a second factor.';
  const words = list(required);
  return `${words.charAt(0).toLocaleUpperCase('en-GB')}${words.slice(1)} must have a second factor.`;
}

/** What saving will mean for people, said before it is done. */
export function effectSentence({ roles, graceDays }: Pick<SignInPolicyView, 'roles' | 'graceDays'>): string {
  const required = roles.filter(({ factorRequired }) => factorRequired);
  const without = required.reduce((sum, { people, withFactor }) => sum + people - withFactor, 0);
  if (required.length === 0) return 'The password alone signs everybody in who has set up nothing else.';
  if (without === 0) return 'Everybody who must have one has one.';
  const who = `${count(without, 'person')} ${without === 1 ? 'has' : 'have'} none yet`;
  return graceDays === 0
    ? `${who} and can do nothing but set one up.`
    : `${who}: reminded at each sign-in for ${count(graceDays, 'day')}, then they can do nothing but set one up.`;
}
