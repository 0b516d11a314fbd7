import type { EntityManager } from 'typeorm';
import { Refusal } from '../platform/errors.js';
import { adminsWhoCanSignIn, lockPeople, type PersonRow, readInvitable, readPerson } from './store/people.js';

/** One person as they are now, which no other change of people alters until the transaction ends. @throws Refusal `not_found` */
export async function lockPerson(tx: EntityManager, id: string): Promise<PersonRow> {
  await lockPeople(tx);
  const person = await readPerson(tx, id);
  if (!person) throw new Refusal('not_found');
  return person;
}

/** Those of these addresses whom an invitation would help. @param emailKeys normalised */
export async function lockInvitable(tx: EntityManager, emailKeys: readonly string[]): Promise<PersonRow[]> {
  await lockPeople(tx);
  return readInvitable(tx, emailKeys);
}

/** @throws Refusal `last_admin` when nobody could administer without this person */
export async function requireAnotherAdmin(tx: EntityManager, { id, name }: PersonRow): Promise<void> {
  const admins = await adminsWhoCanSignIn(tx);
  if (admins.length === 1 && admins[0] === id)
    throw new Refusal('last_admin', { detail: `${name} is the last administrator who can sign in.` });
}
