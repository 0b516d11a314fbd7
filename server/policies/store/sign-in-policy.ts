import type { LevelRule, RoleRule, SignInPolicyChange, SignInPolicyView } from '../../contracts/policies.js';
import type { Queryable } from '../../platform/database/data-source.js';

const order = `array_position(ARRAY['user', 'manager', 'analyst', 'admin', 'auditor'], r.role)`;

/** The rules as they stand, each role with its people. */
export async function readSignInPolicy(database: Queryable): Promise<SignInPolicyView> {
  const [rules] = await database.query<Omit<SignInPolicyView, 'roles' | 'levels'>[]>(
    `SELECT grace_days AS "graceDays", strict, trust_days AS "trustDays", recovery_hours AS "recoveryHours", password_minimum AS "passwordMinimum",
       password_minimum_two_step AS "passwordMinimumTwoStep", blocked_words AS "blockedWords", shared_networks AS "sharedNetworks" FROM sign_in_policy`,
  );
  if (!rules) throw new Error('The sign-in policy is gone.');
  const roles = await database.query<SignInPolicyView['roles']>(
    `SELECT r.role, r.factor_required_since IS NOT NULL AS "factorRequired", r.idle_minutes AS "idleMinutes", r.lock_minutes AS "lockMinutes", r.absolute_minutes AS "absoluteMinutes",
       count(p.id)::int AS people,
       count(p.id) FILTER (WHERE EXISTS (SELECT FROM authenticators a WHERE a.person_id = p.id AND a.removed_at IS NULL AND a.confirmed_at IS NOT NULL
         AND (a.kind IN ('totp', 'passkey') OR (a.kind IN ('email', 'sms') AND NOT $1))))::int AS "withFactor"
     FROM role_rules r LEFT JOIN people p ON p.role = r.role AND p.disabled_at IS NULL AND NOT p.simulated AND p.password_hash IS NOT NULL
     GROUP BY r.role ORDER BY ${order}`,
    [rules.strict],
  );
  const levels = await database.query<LevelRule[]>(
    'SELECT level, idle_minutes AS "idleMinutes", absolute_minutes AS "absoluteMinutes" FROM level_rules ORDER BY level',
  );
  return { ...rules, roles, levels };
}

/** Held by changes of the rules alone, and by all sign-ins together. */
const RULES_LOCK = 7_203_315;

/** Makes changes to the rules one after the other, and none while a session is being opened by the former ones. */
export async function lockSignInPolicy(tx: Queryable): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [RULES_LOCK]);
}

/**
 * Keeps the rules as they are until the transaction ends: a change of them, which shortens and confines open sessions, must find the one
 * that is being opened. Taken before sessions, as a change takes it, so that it can't be part of a deadlock.
 */
export async function holdSignInPolicy(tx: Queryable): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1)', [RULES_LOCK]);
}

/** Writes the rules. The days of grace of a role begin when a second factor becomes required, not with every later change. */
export async function writeSignInPolicy(tx: Queryable, policy: SignInPolicyChange): Promise<void> {
  await tx.query(
    `UPDATE sign_in_policy SET grace_days = $1, strict = $2, trust_days = $3, recovery_hours = $4, password_minimum = $5,
       password_minimum_two_step = $6, blocked_words = $7, shared_networks = $8`,
    [
      policy.graceDays,
      policy.strict,
      policy.trustDays,
      policy.recoveryHours,
      policy.passwordMinimum,
      policy.passwordMinimumTwoStep,
      policy.blockedWords,
      policy.sharedNetworks,
    ],
  );
  for (const rule of policy.roles)
    await tx.query(
      `UPDATE role_rules SET factor_required_since = CASE WHEN $2 THEN coalesce(factor_required_since, now()) END,
         idle_minutes = $3, absolute_minutes = $4, lock_minutes = $5 WHERE role = $1`,
      [rule.role, rule.factorRequired, rule.idleMinutes, rule.absoluteMinutes, rule.lockMinutes],
    );
  for (const rule of policy.levels)
    await tx.query('UPDATE level_rules SET idle_minutes = $2, absolute_minutes = $3 WHERE level = $1', [
      rule.level,
      rule.idleMinutes,
      rule.absoluteMinutes,
    ]);
}

export type SessionLimits = Pick<RoleRule, 'idleMinutes' | 'lockMinutes' | 'absoluteMinutes'>;

/** How long a session of this role and assurance level may live and go unused, in minutes: the shorter of both. */
export async function readSessionLimits(
  database: Queryable,
  role: RoleRule['role'],
  level: LevelRule['level'],
): Promise<SessionLimits> {
  const [limits] = await database.query<SessionLimits[]>(
    `SELECT least(r.idle_minutes, l.idle_minutes) AS "idleMinutes", r.lock_minutes AS "lockMinutes",
       least(r.absolute_minutes, l.absolute_minutes) AS "absoluteMinutes"
     FROM role_rules r, level_rules l WHERE r.role = $1 AND l.level = $2`,
    [role, level],
  );
  if (!limits) throw new Error(`The role ${role} has no limits at level ${level}.`);
  return limits;
}

/** What new passwords are held to, beside the list of leaked ones. */
export type PasswordRules = Pick<SignInPolicyChange, 'passwordMinimum' | 'passwordMinimumTwoStep' | 'blockedWords'>;

export async function readPasswordRules(database: Queryable): Promise<PasswordRules> {
  const [rules] = await database.query<PasswordRules[]>(
    `SELECT password_minimum AS "passwordMinimum", password_minimum_two_step AS "passwordMinimumTwoStep", blocked_words AS "blockedWords" FROM sign_in_policy`,
  );
  if (!rules) throw new Error('The sign-in policy is gone.');
  return rules;
}

/** Whether an address belongs to the shared terminals of the organisation. */
export async function isSharedNetwork(database: Queryable, ip: string): Promise<boolean> {
  const rows = await database.query<unknown[]>(
    'SELECT FROM sign_in_policy WHERE EXISTS (SELECT FROM unnest(shared_networks) n WHERE $1::inet <<= n::inet)',
    [ip],
  );
  return rows.length > 0;
}
