import type { Role } from '../../contracts/people.js';

/** A person as far as a change of people needs them; `emailKey` and `usernameKey` are the forms in which names are compared. */
export type KnownPerson = {
  id: string;
  email: string;
  emailKey: string;
  name: string;
  username: string | null;
  usernameKey: string | null;
  title: string | null;
  role: Role;
  managerId: string | null;
  simulated: boolean;
};

/** What is wanted of one person. Undefined keeps what is there; null empties it. */
export type WantedPerson = {
  /** The person meant; without it, whoever has the address. */
  id?: string;
  email: string;
  emailKey: string;
  name?: string | undefined;
  username?: string | null | undefined;
  usernameKey?: string | null | undefined;
  title?: string | null | undefined;
  role?: Role | undefined;
  managerKey?: string | null | undefined;
};

/** Everybody whom a plan may touch or must mind. */
export type KnownPeople = {
  people: readonly KnownPerson[];
  /** Further confirmed addresses, and whose they are. */
  furtherAddresses: ReadonlyMap<string, string>;
  /** Who reports to whom, of everybody. */
  managers: ReadonlyMap<string, string>;
  /** Administrators who can sign in. */
  admins: ReadonlySet<string>;
};

export type PlanRules = {
  /** Invented people and real ones never touch each other. */
  simulated: boolean;
  /** Refuses to change people with a staff role, for callers who may not make staff either. */
  sparesStaff: boolean;
};

/** The fields that a change is told by, with the manager's address in place of an id. */
export type PersonFacts = {
  email: string;
  name: string;
  username: string | null;
  title: string | null;
  role: Role;
  manager: string | null;
};

export type PlanRefusal = {
  code: 'already_exists' | 'forbidden' | 'invalid_request' | 'last_admin';
  field: string;
  message: string;
};

/** What becomes of one wanted person: `before` and `after` hold only what differs. */
export type PlannedChange = {
  id: string;
  kind: 'added' | 'changed' | 'unchanged' | 'refused';
  name: string;
  before: Partial<PersonFacts>;
  after: Partial<PersonFacts>;
  /** The whole person as it is to be stored. */
  person: KnownPerson;
  refusal?: PlanRefusal;
};

type Draft = { wanted: WantedPerson; existing: KnownPerson | undefined; person: KnownPerson; refusal?: PlanRefusal };
const staff: readonly Role[] = ['analyst', 'admin', 'auditor'];

/** Says what would become of each, in the order of the wishes; what one wish breaks is refused in it alone. */
export function planPeople(
  wanted: readonly WantedPerson[],
  known: KnownPeople,
  rules: PlanRules,
  newId: () => string,
): PlannedChange[] {
  const byId = new Map(known.people.map((person) => [person.id, person]));
  const byEmail = new Map(known.people.map((person) => [person.emailKey, person]));
  const drafts = wanted.map((wish): Draft => {
    const existing = wish.id === undefined ? byEmail.get(wish.emailKey) : byId.get(wish.id);
    return { wanted: wish, existing, person: draftOf(wish, existing, rules, newId) };
  });
  for (const draft of drafts) refuse(draft, touchRefusal(draft, rules));
  refuseRepetitions(drafts);
  setManagers(drafts, byEmail);
  refuseTaken(drafts, known);
  refuseCircles(drafts, known.managers);
  refuseLastAdmin(drafts, known.admins);
  const future = new Map(drafts.map(({ person }) => [person.id, person]));
  const emailOf = (id: string | null, people: ReadonlyMap<string, KnownPerson>): string | null =>
    id === null ? null : ((people.get(id) ?? byId.get(id))?.email ?? null);
  return drafts.map((draft) =>
    conclude(
      draft,
      (id) => emailOf(id, byId),
      (id) => emailOf(id, future),
    ),
  );
}

function draftOf(
  wish: WantedPerson,
  existing: KnownPerson | undefined,
  { simulated }: PlanRules,
  newId: () => string,
): KnownPerson {
  const keep = <T>(value: T | undefined, former: T | undefined, empty: T): T =>
    value === undefined ? (former ?? empty) : value;
  return {
    id: existing?.id ?? newId(),
    email: wish.email,
    emailKey: wish.emailKey,
    name: keep(wish.name, existing?.name, ''),
    username: keep(wish.username, existing?.username, null),
    usernameKey: keep(wish.usernameKey, existing?.usernameKey, null),
    title: keep(wish.title, existing?.title, null),
    role: keep(wish.role, existing?.role, 'user'),
    managerId: existing?.managerId ?? null,
    simulated: existing?.simulated ?? simulated,
  };
}

/** The first reason stands: what follows from it would only confuse. */
function refuse(draft: Draft, refusal: PlanRefusal | undefined): void {
  if (refusal) draft.refusal ??= refusal;
}

const taken = (field: string, value: string): PlanRefusal => ({
  code: 'already_exists',
  field,
  message: `${value} belongs to somebody else.`,
});

function touchRefusal({ wanted, existing, person }: Draft, rules: PlanRules): PlanRefusal | undefined {
  if (existing && existing.simulated !== rules.simulated) return taken('email', wanted.email);
  if (rules.sparesStaff && existing && staff.includes(existing.role))
    return { code: 'forbidden', field: 'role', message: `${wanted.email} has a staff role.` };
  if (person.name === '') return { code: 'invalid_request', field: 'name', message: 'A new person needs a name.' };
  return undefined;
}

function refuseRepetitions(drafts: readonly Draft[]): void {
  const seen = new Set<string>();
  for (const draft of drafts) {
    const { emailKey, email } = draft.person;
    if (seen.has(emailKey))
      refuse(draft, { code: 'invalid_request', field: 'email', message: `${email} is there twice.` });
    seen.add(emailKey);
  }
}

/** Managers may stand anywhere in the same list. */
function setManagers(drafts: readonly Draft[], byEmail: ReadonlyMap<string, KnownPerson>): void {
  const listed = new Map(drafts.map(({ person }) => [person.emailKey, person]));
  for (const draft of drafts) {
    const { managerKey } = draft.wanted;
    if (managerKey === undefined) continue;
    const manager = managerKey === null ? undefined : (listed.get(managerKey) ?? byEmail.get(managerKey));
    if (managerKey !== null && !manager)
      refuse(draft, {
        code: 'invalid_request',
        field: 'managerEmail',
        message: `Nobody has the address ${managerKey}.`,
      });
    else draft.person.managerId = manager?.id ?? null;
  }
}

/** An address or user name is one person's; who gives it up in the same list may be followed by another. */
function refuseTaken(drafts: readonly Draft[], known: KnownPeople): void {
  const changing = new Set(drafts.flatMap(({ refusal, person }) => (refusal ? [] : [person.id])));
  const staying = known.people.filter(({ id }) => !changing.has(id));
  const emails = new Map(staying.map(({ emailKey, id }) => [emailKey, id]));
  const usernames = new Map(
    staying.flatMap(({ usernameKey, id }) => (usernameKey === null ? [] : [[usernameKey, id]])),
  );
  for (const draft of drafts) {
    const { id, email, emailKey, username, usernameKey } = draft.person;
    if (draft.refusal) continue;
    const owner = emails.get(emailKey) ?? known.furtherAddresses.get(emailKey) ?? id;
    if (owner !== id) refuse(draft, taken('email', email));
    if (username === null || usernameKey === null) continue;
    if ((usernames.get(usernameKey) ?? id) !== id) refuse(draft, taken('username', username));
    usernames.set(usernameKey, id);
  }
}

function refuseCircles(drafts: readonly Draft[], managers: ReadonlyMap<string, string>): void {
  const line = new Map<string, string | null>(managers);
  for (const { person } of drafts) line.set(person.id, person.managerId);
  for (const draft of drafts) {
    if (draft.person.managerId === (draft.existing?.managerId ?? null)) continue;
    const passed = new Set<string>();
    let above = line.get(draft.person.id) ?? null;
    // A circle further up that this person isn't part of is refused where it is.
    while (above !== null && above !== draft.person.id && !passed.has(above)) {
      passed.add(above);
      above = line.get(above) ?? null;
    }
    if (above === draft.person.id)
      refuse(draft, {
        code: 'invalid_request',
        field: 'managerEmail',
        message: `${draft.person.name} would report to themselves.`,
      });
  }
}

function refuseLastAdmin(drafts: readonly Draft[], admins: ReadonlySet<string>): void {
  const demoted = drafts.filter(({ person, refusal }) => !refusal && admins.has(person.id) && person.role !== 'admin');
  if (demoted.length === 0 || demoted.length < admins.size) return;
  for (const draft of demoted)
    refuse(draft, {
      code: 'last_admin',
      field: 'role',
      message: `${draft.person.name} is the last administrator who can sign in.`,
    });
}

function conclude(
  { existing, person, refusal }: Draft,
  formerEmailOf: (id: string | null) => string | null,
  emailOf: (id: string | null) => string | null,
): PlannedChange {
  const base = { id: person.id, name: person.name || (existing?.name ?? ''), person };
  if (refusal) return { ...base, kind: 'refused', before: {}, after: {}, refusal };
  const now = factsOf(person, emailOf);
  if (!existing) return { ...base, kind: 'added', before: {}, after: now };
  const former = factsOf(existing, formerEmailOf);
  const moved = person.managerId !== existing.managerId;
  const differs = (field: string): boolean =>
    field === 'manager' ? moved : former[field as keyof PersonFacts] !== now[field as keyof PersonFacts];
  const only = (facts: PersonFacts): Partial<PersonFacts> =>
    Object.fromEntries(Object.entries(facts).filter(([field]) => differs(field)));
  const after = only(now);
  return { ...base, kind: Object.keys(after).length > 0 ? 'changed' : 'unchanged', before: only(former), after };
}

const factsOf = (
  { email, name, username, title, role, managerId }: KnownPerson,
  emailOf: (id: string | null) => string | null,
): PersonFacts => ({ email, name, username, title, role, manager: emailOf(managerId) });
