import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { type NewPerson, type Role, staffRoles } from '../contracts/people.js';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { CallerIdentity } from '../platform/http/access.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { normaliseSubject } from '../platform/subject.js';
import { PersonEntity } from './store/person.entity.js';

type Existing = { id: string; simulated: boolean; role: Role };
const isStaff = (role: Role): boolean => (staffRoles as readonly Role[]).includes(role);

/** Saves people on behalf of a caller. */
export class SavePeople {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /**
   * A key may report who works here, but never make somebody staff: that takes an administrator.
   * @throws Refusal `forbidden`, `already_exists`
   */
  async save(
    caller: CallerIdentity,
    people: readonly NewPerson[],
    ip: string,
  ): Promise<{ created: number; updated: number }> {
    if (caller.kind === 'key' && people.some((person) => isStaff(person.role))) {
      throw new Refusal('forbidden', { detail: 'An application key may only name users and managers.' });
    }
    const simulated = caller.kind === 'key' && caller.applicationKind === 'simulated';
    return this.database.transaction(async (tx) => {
      const saved = await savePeople(tx, people, simulated, caller.kind === 'key');
      const detail = { created: saved.created.length, updated: saved.updated.length };
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'people.saved',
        target: { kind: 'people', id: null },
        detail,
        ip,
      });
      return detail;
    });
  }
}

export type PeopleSaved = { created: string[]; updated: string[] };

/**
 * Creates people, or updates those whose e-mail is known, all or none. Managers may stand anywhere in the same list.
 * @param simulated marks new people as invented; an existing person of the other kind is never touched
 * @param sparesStaff refuses to change people with a staff role, for callers who may not make staff either
 * @throws Refusal `already_exists` when an e-mail or user name belongs to somebody else
 */
export async function savePeople(
  tx: EntityManager,
  people: readonly NewPerson[],
  simulated: boolean,
  sparesStaff = false,
): Promise<PeopleSaved> {
  const saved: PeopleSaved = { created: [], updated: [] };
  const ids = new Map<string, string>();
  for (const person of people) {
    const email = normaliseSubject(person.email);
    const existing = await findByEmail(tx, email);
    if (existing && existing.simulated !== simulated)
      throw new Refusal('already_exists', { detail: `${person.email} belongs to somebody else.` });
    if (sparesStaff && existing && isStaff(existing.role))
      throw new Refusal('forbidden', { detail: `${person.email} has a staff role.` });
    const id = existing?.id ?? randomUUID();
    const values = {
      name: person.name,
      email: person.email,
      username: person.username ?? null,
      title: person.title ?? null,
      role: person.role,
    };
    if (existing) await tx.update(PersonEntity, { id }, values);
    else await tx.insert(PersonEntity, { id, ...values, simulated });
    await identify(tx, id, 'email', email);
    if (person.username !== undefined) await identify(tx, id, 'username', normaliseSubject(person.username));
    ids.set(email, id);
    (existing ? saved.updated : saved.created).push(id);
  }
  await connectManagers(tx, people, ids);
  await notify(tx, 'people_changed', {});
  return saved;
}

async function findByEmail(tx: EntityManager, email: string): Promise<Existing | undefined> {
  const [row] = await tx.query<Existing[]>(
    `SELECT p.id, p.simulated, p.role FROM person_identifiers i JOIN people p ON p.id = i.person_id WHERE i.value = $1 AND i.kind = 'email'`,
    [email],
  );
  return row;
}

/** Gives a person a name to be matched by. The former one of that kind goes, as it may soon be somebody else's. */
async function identify(tx: EntityManager, personId: string, kind: 'email' | 'username', value: string): Promise<void> {
  await tx.query('DELETE FROM person_identifiers WHERE person_id = $1 AND kind = $2 AND value <> $3', [
    personId,
    kind,
    value,
  ]);
  const [taken] = await tx.query<{ person_id: string }[]>(
    `INSERT INTO person_identifiers (value, kind, person_id) VALUES ($1, $2, $3)
     ON CONFLICT (value, kind, application_id) DO UPDATE SET value = excluded.value RETURNING person_id`,
    [value, kind, personId],
  );
  if (taken?.person_id !== personId)
    throw new Refusal('already_exists', { detail: `${value} belongs to somebody else.` });
}

async function connectManagers(
  tx: EntityManager,
  people: readonly NewPerson[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  for (const person of people) {
    if (person.managerEmail === undefined) continue;
    const managerEmail = normaliseSubject(person.managerEmail);
    const managerId = ids.get(managerEmail) ?? (await findByEmail(tx, managerEmail))?.id;
    if (managerId === undefined)
      throw new Refusal('invalid_request', {
        errors: [{ path: 'managerEmail', message: `Nobody has the address ${person.managerEmail}.` }],
      });
    await tx.update(PersonEntity, { id: ids.get(normaliseSubject(person.email)) as string }, { managerId });
  }
}
