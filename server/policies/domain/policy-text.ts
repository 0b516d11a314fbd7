import type { SignInPolicyChange } from '../../contracts/policies.js';

/** The rules as flat names and values, to be compared by people: what the audit log keeps of before and after. */
export function policyText(policy: SignInPolicyChange): Record<string, string | number | boolean> {
  const { graceDays, strict, trustDays, recoveryHours, roles } = policy;
  const limits = roles.map((one) => [
    `sessions of ${one.role}`,
    `${one.lockMinutes === null ? 'never locked' : `locked after ${one.lockMinutes} min`}, ${one.idleMinutes} min unused, ${one.absoluteMinutes} min in all`,
  ]);
  const byLevel = policy.levels.map((one) => [
    `sessions at AAL${one.level}`,
    `${one.idleMinutes} min unused, ${one.absoluteMinutes} min in all`,
  ]);
  return {
    required: roles
      .filter(({ factorRequired }) => factorRequired)
      .map(({ role }) => role)
      .join(', '),
    graceDays,
    strict,
    trustDays,
    recovery: recoveryHours === null ? 'off' : `after ${recoveryHours} h`,
    passwordMinimum: policy.passwordMinimum,
    passwordMinimumTwoStep: policy.passwordMinimumTwoStep,
    blockedWords: policy.blockedWords.join(', '),
    sharedNetworks: policy.sharedNetworks.join(', '),
    ...(Object.fromEntries([...limits, ...byLevel]) as Record<string, string>),
  };
}
