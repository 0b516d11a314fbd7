import {
  type KnownPeople,
  type KnownPerson,
  planPeople,
  type WantedPerson,
} from '../../../server/people/domain/plan-people.js';

const aPerson = (id: string, more: Partial<KnownPerson> = {}): KnownPerson => ({
  id,
  email: `${id}@example.com`,
  emailKey: `${id}@example.com`,
  name: id,
  username: null,
  usernameKey: null,
  title: null,
  role: 'user',
  managerId: null,
  simulated: false,
  ...more,
});
const know = (people: KnownPerson[], more: Partial<KnownPeople> = {}): KnownPeople => ({
  people,
  furtherAddresses: new Map(),
  managers: new Map(people.flatMap(({ id, managerId }) => (managerId === null ? [] : [[id, managerId]]))),
  admins: new Set(people.filter(({ role }) => role === 'admin').map(({ id }) => id)),
  ...more,
});
const wish = (id: string, more: Partial<WantedPerson> = {}): WantedPerson => ({
  email: `${id}@example.com`,
  emailKey: `${id}@example.com`,
  ...more,
});
const rules = { simulated: false, sparesStaff: false };
const plan = (wanted: WantedPerson[], known: KnownPeople, more = {}) => {
  let made = 0;
  return planPeople(wanted, known, { ...rules, ...more }, () => `new-${(made += 1)}`);
};
const refusals = (...args: Parameters<typeof plan>) => plan(...args).map(({ refusal }) => refusal?.code ?? null);

describe('a plan for people', () => {
  it('tells only what differs, keeps what is not named, and empties what is null', () => {
    const [change] = plan(
      [wish('sam', { title: null })],
      know([aPerson('sam', { title: 'Planner', role: 'manager' })]),
    );
    expect(change).toMatchObject({ kind: 'changed', before: { title: 'Planner' }, after: { title: null } });
    expect(change?.person.role).toBe('manager');
    expect(plan([wish('sam')], know([aPerson('sam')]))[0]?.kind).toBe('unchanged');
  });

  it('lets managers stand anywhere in the list, and names them by address', () => {
    const changes = plan(
      [wish('sam', { name: 'Sam', managerKey: 'maria@example.com' }), wish('maria', { name: 'Maria' })],
      know([]),
    );
    expect(changes.map(({ kind, after }) => [kind, after.manager])).toEqual([
      ['added', 'maria@example.com'],
      ['added', null],
    ]);
  });

  it('refuses circles of any length, made here or together with what is there', () => {
    const line = know([aPerson('a'), aPerson('b', { managerId: 'a' }), aPerson('c', { managerId: 'b' })]);
    expect(refusals([wish('a', { managerKey: 'c@example.com' })], line)).toEqual(['invalid_request']);
    expect(refusals([wish('a', { managerKey: 'a@example.com' })], line)).toEqual(['invalid_request']);
    expect(refusals([wish('a', { managerKey: 'c@example.com' }), wish('b', { managerKey: null })], line)).toEqual([
      null,
      null,
    ]);
  });

  it('lets two people swap user names, and nobody take one that stays', () => {
    const known = know([
      aPerson('a', { username: 'x', usernameKey: 'x' }),
      aPerson('b', { username: 'y', usernameKey: 'y' }),
    ]);
    const named = (id: string, name: string) => wish(id, { username: name, usernameKey: name });
    expect(refusals([named('a', 'y'), named('b', 'x')], known)).toEqual([null, null]);
    expect(refusals([named('a', 'y')], known)).toEqual(['already_exists']);
    expect(refusals([named('a', 'z'), named('b', 'z')], known)).toEqual([null, 'already_exists']);
  });

  it('keeps an address that somebody else has confirmed', () => {
    const known = know([aPerson('a')], { furtherAddresses: new Map([['new@example.com', 'a']]) });
    expect(refusals([wish('new', { name: 'N' })], known)).toEqual(['already_exists']);
    expect(refusals([{ ...wish('new'), id: 'a' }], known)).toEqual([null]);
  });

  it('keeps an administrator, also when all are demoted in one list', () => {
    const known = know([aPerson('a', { role: 'admin' }), aPerson('b', { role: 'admin' })]);
    expect(refusals([wish('a', { role: 'user' })], known)).toEqual([null]);
    expect(refusals([wish('a', { role: 'user' }), wish('b', { role: 'user' })], known)).toEqual([
      'last_admin',
      'last_admin',
    ]);
  });

  it('keeps real and invented people apart, and staff from keys', () => {
    expect(refusals([wish('a')], know([aPerson('a')]), { simulated: true })).toEqual(['already_exists']);
    expect(refusals([wish('a')], know([aPerson('a', { role: 'analyst' })]), { sparesStaff: true })).toEqual([
      'forbidden',
    ]);
  });
});
