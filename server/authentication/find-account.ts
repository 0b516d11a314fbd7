import type { Role } from '../contracts/people.js';
import { requiredFrom } from '../policies/sign-in-rules.js';
import type { Queryable } from '../platform/database/data-source.js';
import { normaliseSubject } from '../platform/subject.js';
import type { AccountFactors } from './domain/required-factors.js';
import { type AccountRow, readAccountByEmail, readAccountById } from './store/read-account.js';

/** What sign-in has to know of a person: the password, what is bound, and what the rules ask. */
export type Account = AccountFactors & {
  id: string;
  name: string;
  email: string;
  role: Role;
  passwordHash: string | null;
  passwordChangedAt: Date | null;
  /** The password has fewer characters than one that opens an account alone. */
  passwordShort: boolean;
  disabled: boolean;
};

export async function findAccountByEmail(database: Queryable, email: string): Promise<Account | undefined> {
  const row = await readAccountByEmail(database, normaliseSubject(email));
  return row && toAccount(row);
}

/** @throws Error when there is nobody of that id: it comes from a session or sign-in, which go with the person */
export async function findAccountById(database: Queryable, personId: string): Promise<Account> {
  const row = await readAccountById(database, personId);
  if (!row) throw new Error(`The person ${personId} is gone.`);
  return toAccount(row);
}

function toAccount({ requiredSince, graceDays, strict, createdAt, recoveredAt, ...person }: AccountRow): Account {
  const rules = { requiredSince: requiredSince?.getTime() ?? null, graceDays, strict };
  // Who got in without a second factor sets one up first, whatever the role asks.
  return { ...person, rules, requiredFrom: recoveredAt?.getTime() ?? requiredFrom(rules, createdAt.getTime()) };
}
