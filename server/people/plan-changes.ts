import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { NewPerson } from '../contracts/people.js';
import { Refusal } from '../platform/errors.js';
import { normaliseSubject } from '../platform/subject.js';
import { type PlannedChange, planPeople, type PlanRules, type WantedPerson } from './domain/plan-people.js';
import { lockPeople, readKnown } from './store/people.js';

/** What would become of these wishes, which stays true until the transaction ends. */
export async function planChanges(
  tx: EntityManager,
  wanted: readonly WantedPerson[],
  rules: PlanRules,
): Promise<PlannedChange[]> {
  await lockPeople(tx);
  return planPeople(wanted, await readKnown(tx, wanted), rules, randomUUID);
}

/** A person as the API names them: whole, so that what is left out is emptied; only the manager stays. */
export function toWanted({ email, name, username, title, role, managerEmail }: NewPerson): WantedPerson {
  return {
    email,
    emailKey: normaliseSubject(email),
    name,
    ...namedBy(username ?? null),
    title: title || null,
    role,
    managerKey: managerEmail === undefined ? undefined : normaliseSubject(managerEmail),
  };
}

/** A user name with the form it is compared in. */
export const namedBy = (
  username: string | null | undefined,
): { username: string | null | undefined; usernameKey: string | null | undefined } => ({
  username,
  usernameKey: typeof username === 'string' ? normaliseSubject(username) : username,
});

/** @throws Refusal for the first wish that was refused, at its place in the list */
export function requireAllPossible(changes: readonly PlannedChange[], pathOf: (index: number) => string): void {
  const index = changes.findIndex(({ refusal }) => refusal !== undefined);
  const refusal = changes[index]?.refusal;
  if (refusal === undefined) return;
  const { code, field, message } = refusal;
  throw new Refusal(code, { detail: message, errors: [{ path: `${pathOf(index)}${field}`, message }] });
}
