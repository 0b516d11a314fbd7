import type { Role } from '../../contracts/people.js';
import type { Queryable } from '../../platform/database/data-source.js';
import type { SignInRules } from '../../policies/domain/sign-in-rules.js';
import type { SecondFactor } from '../domain/required-factors.js';

export type AccountRow = {
  id: string;
  name: string;
  email: string;
  role: Role;
  passwordHash: string | null;
  passwordChangedAt: Date | null;
  /** A mailed link alone set the password. */
  mailedPassword: boolean;
  /** The password has fewer characters than one that opens an account alone. */
  passwordShort: boolean;
  disabled: boolean;
  createdAt: Date;
  bound: SecondFactor[];
  /** When a recovery ended that has not led to a new second factor yet. */
  recoveredAt: Date | null;
  requiredSince: Date | null;
  graceDays: SignInRules['graceDays'];
  strict: boolean;
  /** The next sign-in needs a second factor. */
  challenged: boolean;
};

// One statement for known and unknown addresses alike: a second one for some would show in the time it takes.
const account = `
  SELECT p.id, p.name, p.email, p.role, p.password_hash AS "passwordHash", p.password_changed_at AS "passwordChangedAt", p.password_mailed_at IS NOT NULL AS "mailedPassword",
    p.password_short AS "passwordShort",
    p.disabled_at IS NOT NULL AS disabled, p.created_at AS "createdAt",
    ARRAY(SELECT DISTINCT CASE a.kind WHEN 'backup_codes' THEN 'backup_code' ELSE a.kind END FROM authenticators a
      WHERE a.person_id = p.id AND a.removed_at IS NULL AND (a.confirmed_at IS NOT NULL OR a.kind = 'backup_codes') ORDER BY 1) AS bound,
    (SELECT max(v.ended_at) FROM recoveries v WHERE v.person_id = p.id AND v.ended_as = 'completed'
      AND NOT EXISTS (SELECT FROM authenticators a WHERE a.person_id = p.id AND a.kind <> 'backup_codes' AND a.confirmed_at >= v.ended_at)) AS "recoveredAt",
    EXISTS (SELECT FROM sign_in_challenges c WHERE c.person_id = p.id AND c.until > now()) AS challenged,
    r.factor_required_since AS "requiredSince", g.grace_days AS "graceDays", g.strict
  FROM sign_in_policy g, people p JOIN role_rules r ON r.role = p.role`;

/** @param email normalised */
export async function readAccountByEmail(database: Queryable, email: string): Promise<AccountRow | undefined> {
  const [row] = await database.query<AccountRow[]>(
    `${account} JOIN person_identifiers i ON i.person_id = p.id WHERE i.value = $1 AND i.kind = 'email'`,
    [email],
  );
  return row;
}

export async function readAccountById(database: Queryable, personId: string): Promise<AccountRow | undefined> {
  const [row] = await database.query<AccountRow[]>(`${account} WHERE p.id = $1`, [personId]);
  return row;
}

export async function personExists(database: Queryable, personId: string): Promise<boolean> {
  const rows = await database.query<unknown[]>('SELECT FROM people WHERE id = $1', [personId]);
  return rows.length > 0;
}
