import type { EntityManager } from 'typeorm';
import type { Role } from '../contracts/people.js';
import { Refusal } from '../platform/errors.js';

/** What a person was when a sign-in began to be checked. */
export type PersonThen = { id: string; role: Role; passwordChangedAt: Date | null };

/**
 * Makes sure that a person still is who was checked, and stays it until the transaction ends: whatever disables somebody, or changes
 * role or password, ends what is open, and must find what is being opened too.
 * @throws Refusal `conflict` when something changed meanwhile; trying again meets the present state
 */
export async function requireUnchanged(tx: EntityManager, person: PersonThen): Promise<void> {
  const [now] = await tx.query<{ role: Role; changedAt: Date | null; disabled: boolean }[]>(
    `SELECT role, password_changed_at AS "changedAt", disabled_at IS NOT NULL AS disabled FROM people WHERE id = $1 FOR SHARE`,
    [person.id],
  );
  const isSame =
    now?.role === person.role && now.changedAt?.getTime() === person.passwordChangedAt?.getTime() && !now.disabled;
  if (!isSame) throw new Refusal('conflict');
}
