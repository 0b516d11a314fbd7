import type { EntityManager } from 'typeorm';
import type { Role } from '../../contracts/people.js';
import type { KnownPeople, KnownPerson, PlannedChange, WantedPerson } from '../domain/plan-people.js';

/** Changes of people come one after the other, so that two of them can't take the last administrator or one address twice. */
const PEOPLE_LOCK = 7_203_314;

/** Held until the transaction ends. Taken before anything else of a change, so that it can't be part of a deadlock. */
export async function lockPeople(tx: EntityManager): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [PEOPLE_LOCK]);
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

const present = (values: readonly (string | null | undefined)[]): string[] => [
  ...new Set(values.filter((value) => value !== null && value !== undefined)),
];

/** Everybody whom these wishes name or concern. */
export async function readKnown(tx: EntityManager, wanted: readonly WantedPerson[]): Promise<KnownPeople> {
  const emails = present(wanted.flatMap(({ emailKey, managerKey }) => [emailKey, managerKey]));
  const usernames = present(wanted.map(({ usernameKey }) => usernameKey));
  const ids = present(wanted.map(({ id }) => id));
  const people = await tx.query<KnownPerson[]>(knownPeople, [emails, usernames, ids]);
  const further = await tx.query<{ key: string; id: string }[]>(
    'SELECT address_key AS key, person_id AS id FROM person_addresses WHERE confirmed_at IS NOT NULL AND address_key = ANY($1)',
    [emails],
  );
  const line = await tx.query<{ id: string; manager: string }[]>(
    'SELECT id, manager_id AS manager FROM people WHERE manager_id IS NOT NULL',
  );
  return {
    people,
    furtherAddresses: new Map(further.map(({ key, id }) => [key, id])),
    managers: new Map(line.map(({ id, manager }) => [id, manager])),
    admins: new Set(await adminsWhoCanSignIn(tx)),
  };
}

const knownPeople = `
  WITH named AS (
    SELECT person_id AS id FROM person_identifiers
    WHERE (kind = 'email' AND value = ANY($1)) OR (kind = 'username' AND value = ANY($2))
    UNION SELECT unnest($3::uuid[])),
  concerned AS (SELECT id FROM named UNION SELECT p.manager_id FROM people p JOIN named USING (id) WHERE p.manager_id IS NOT NULL)
  SELECT p.id, p.email, e.value AS "emailKey", p.name, p.username, u.value AS "usernameKey", p.title, p.role, p.manager_id AS "managerId", p.simulated
  FROM concerned c JOIN people p ON p.id = c.id
  JOIN person_identifiers e ON e.person_id = p.id AND e.kind = 'email'
  LEFT JOIN person_identifiers u ON u.person_id = p.id AND u.kind = 'username'`;

export type PersonRow = {
  id: string;
  name: string;
  email: string;
  role: Role;
  simulated: boolean;
  disabled: boolean;
  hasPassword: boolean;
  passwordChangeRequired: boolean;
};

/** Whose main address this is; an id of nobody where it is nobody's. */
export async function idOfAddress(tx: EntityManager, emailKey: string): Promise<string> {
  const [row] = await tx.query<{ id: string }[]>(
    `SELECT person_id AS id FROM person_identifiers WHERE kind = 'email' AND value = $1`,
    [emailKey],
  );
  return row?.id ?? NOBODY;
}

const person = `
  SELECT p.id, p.name, p.email, p.role, p.simulated, p.disabled_at IS NOT NULL AS disabled, p.password_hash IS NOT NULL AS "hasPassword",
    p.password_change_required_at IS NOT NULL AS "passwordChangeRequired" FROM people p`;

export async function readPerson(tx: EntityManager, id: string): Promise<PersonRow | undefined> {
  const [row] = await tx.query<PersonRow[]>(`${person} WHERE p.id = $1`, [id]);
  return row;
}

/** Those of these main addresses who can't sign in, may, and have no invitation that works. */
export async function readInvitable(tx: EntityManager, emailKeys: readonly string[]): Promise<PersonRow[]> {
  return tx.query<PersonRow[]>(
    `${person} JOIN person_identifiers i ON i.person_id = p.id AND i.kind = 'email' AND i.value = ANY($1)
     WHERE p.password_hash IS NULL AND p.disabled_at IS NULL AND NOT p.simulated
       AND NOT EXISTS (SELECT FROM account_links l WHERE l.person_id = p.id AND l.purpose = 'invitation' AND l.used_at IS NULL AND l.expires_at > now())
     ORDER BY p.id`,
    [emailKeys],
  );
}

/** Administrators who could let others in again, were everybody else gone. */
export async function adminsWhoCanSignIn(tx: EntityManager): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `SELECT id FROM people WHERE role = 'admin' AND disabled_at IS NULL AND password_hash IS NOT NULL AND NOT simulated`,
  );
  return rows.map(({ id }) => id);
}

/** Stores what was planned, whole lists at a time: a directory of thousands is a handful of statements. */
export async function storeChanges(tx: EntityManager, changes: readonly PlannedChange[]): Promise<void> {
  const of = (kind: PlannedChange['kind']): KnownPerson[] =>
    changes.flatMap((change) => (change.kind === kind ? [change.person] : []));
  const [added, changed] = [of('added'), of('changed')];
  const both = JSON.stringify([...added, ...changed]);
  await tx.query(insertPeople, [JSON.stringify(added)]);
  await tx.query(updatePeople, [JSON.stringify(changed)]);
  await tx.query(`DELETE FROM person_identifiers WHERE kind IN ('email', 'username') AND person_id = ANY($1)`, [
    changed.map(({ id }) => id),
  ]);
  await tx.query(insertIdentifiers, [both]);
  await tx.query(
    `DELETE FROM person_addresses a USING ${rows} WHERE a.person_id = given.id AND a.address_key = given."emailKey"`,
    [both],
  );
}

const rows = `jsonb_to_recordset($1::jsonb) AS given (id uuid, email text, "emailKey" text, name text, username text, "usernameKey" text,
  title text, role text, "managerId" uuid, simulated boolean)`;
const insertPeople = `
  INSERT INTO people (id, email, name, username, title, role, manager_id, simulated)
  SELECT id, email, name, username, title, role, "managerId", simulated FROM ${rows}`;
const updatePeople = `
  UPDATE people SET email = given.email, name = given.name, username = given.username, title = given.title, role = given.role,
    manager_id = given."managerId" FROM ${rows} WHERE people.id = given.id`;
const insertIdentifiers = `
  INSERT INTO person_identifiers (value, kind, person_id)
  SELECT "emailKey", 'email', id FROM ${rows} UNION ALL SELECT "usernameKey", 'username', id FROM ${rows} WHERE "usernameKey" IS NOT NULL`;
