import type { Outcome } from '../../contracts/attempts.js';
import type { Network, RiskLevel } from '../../contracts/detection.js';
import { ROLL_UP_ROWS_MAX, type Distinct, type RolledRow } from '../../contracts/live.js';
import { barOf, RollingCount, RollingDistinct } from './rolling-count.js';

/** What a roll-up looks at. */
export type Rollable = {
  outcome: Outcome;
  ip: string;
  network: Network;
  subject: string;
  person: { id: string; name: string } | null;
  score: number;
  level: RiskLevel;
};

/** Networks, each with each outcome, that are counted apart. */
const GROUPS_MAX = 400;
/** Accounts that are counted apart, over all networks. Names that nobody has can be invented at will: they have a bound of their own. */
const PEOPLE_MAX = 8_000;
const NAMES_MAX = 2_000;
/** Accounts and addresses of a network, and addresses of an account, that are told apart. */
const DISTINCT_MAX = 5_000;
const ADDRESSES_OF_ONE_MAX = 200;
/** Beside the many of its network an account has a row of its own from this many attempts on; at most this many accounts do. */
const OWN_ROW_FROM = 20;
const OWN_ROWS_MAX = 3;

type Account = { subject: string; person: Rollable['person']; count: RollingCount; addresses: RollingDistinct };
/** One outcome on one network, for the people who are known or for names that are not. */
type Group = {
  outcome: Outcome;
  network: RolledRow['network'];
  kind: 'people' | 'names';
  count: RollingCount;
  distinct: RollingDistinct;
  addresses: RollingDistinct;
  accounts: Map<string, Account>;
};

/**
 * The attempts of the last ten minutes by outcome, network and account. Memory is bounded whatever comes, and every count is exact:
 * what has no place of its own is counted with the many of its network, or in `rest`.
 */
export class RollUp {
  private readonly groups = new Map<string, Group>();
  private readonly all = new RollingCount();
  private readonly signedIn = new RollingDistinct(PEOPLE_MAX);
  private readonly room = { people: PEOPLE_MAX, names: NAMES_MAX };

  add(attempt: Rollable, at: number): void {
    const bar = barOf(at);
    const name = attempt.person?.id ?? attempt.subject;
    this.all.add(at, attempt);
    if (attempt.outcome === 'success') this.signedIn.add(name, bar);
    const group = this.groupOf(attempt);
    if (!group) return;
    group.count.add(at, attempt);
    group.distinct.add(name, bar);
    group.addresses.add(attempt.ip, bar);
    const account = this.accountOf(group, name, attempt);
    account?.count.add(at, attempt);
    account?.addresses.add(attempt.ip, bar);
  }

  /** The rows of now, most attempts first, and how many attempts are in none of them. */
  read(at: number): { rows: RolledRow[]; rest: number; signedIn: Distinct } {
    const bar = barOf(at);
    this.forget(at);
    const rows = [...this.groups.values()].flatMap((group) => rowsOf(group, bar));
    rows.sort((a, b) => b.attempts - a.attempts);
    const shown = rows.slice(0, ROLL_UP_ROWS_MAX);
    const rest = this.all.total - shown.reduce((sum, row) => sum + row.attempts, 0);
    return { rows: shown, rest, signedIn: this.signedIn.read(bar) };
  }

  /** Frees what nobody tried for ten minutes. */
  forget(at: number): void {
    const bar = barOf(at);
    this.all.advance(bar);
    for (const [key, group] of this.groups) {
      group.count.advance(bar);
      for (const [name, { count }] of group.accounts) {
        count.advance(bar);
        if (count.total === 0 && group.accounts.delete(name)) this.room[group.kind] += 1;
      }
      if (group.count.total === 0) this.groups.delete(key);
    }
  }

  private groupOf({ outcome, network, person }: Rollable): Group | undefined {
    const kind = person ? 'people' : 'names';
    const key = `${outcome} ${kind} ${network.asn ?? network.organisation ?? network.kind}`;
    const found = this.groups.get(key);
    if (found || this.groups.size >= GROUPS_MAX) return found;
    const group = {
      outcome,
      network,
      kind,
      count: new RollingCount(),
      distinct: new RollingDistinct(DISTINCT_MAX),
      addresses: new RollingDistinct(DISTINCT_MAX),
      accounts: new Map(),
    } satisfies Group;
    this.groups.set(key, group);
    return group;
  }

  private accountOf(group: Group, name: string, { subject, person }: Rollable): Account | undefined {
    const found = group.accounts.get(name);
    // Counted from its first attempt on or not at all: a count that began later would not be exact.
    if (found || this.room[group.kind] === 0) return found;
    const account = {
      subject,
      person,
      count: new RollingCount(),
      addresses: new RollingDistinct(ADDRESSES_OF_ONE_MAX),
    };
    group.accounts.set(name, account);
    this.room[group.kind] -= 1;
    return account;
  }
}

/** The accounts that stand out, and the many others together. */
function rowsOf(group: Group, bar: number): RolledRow[] {
  const distinct = group.distinct.read(bar);
  const own = ownRows(group, distinct);
  const rows = own.map(({ subject, person, count, addresses }): RolledRow => ({
    ...facts(group, count),
    who: { kind: 'one', subject, person },
    addresses: addresses.read(bar),
  }));
  const others = group.count.total - own.reduce((sum, { count }) => sum + count.total, 0);
  if (others === 0) return rows;
  const minute = group.count.minute().map((all, index) => all - sumOf(rows, (row) => row.minute[index] ?? 0));
  const many: RolledRow = {
    ...facts(group, group.count),
    who: { kind: group.kind, distinct: { ...distinct, count: distinct.count - own.length } },
    attempts: others,
    perSecond: group.count.perSecond - sumOf(rows, (row) => row.perSecond),
    minute,
    addresses: group.addresses.read(bar),
  };
  return [...rows, many];
}

/** The only account there is, or those that were tried most. */
function ownRows(group: Group, distinct: Distinct): Account[] {
  const accounts = [...group.accounts.values()];
  if (distinct.count === 1 && !distinct.atLeast) return accounts;
  return accounts
    .filter(({ count }) => count.total >= OWN_ROW_FROM)
    .sort((a, b) => b.count.total - a.count.total)
    .slice(0, OWN_ROWS_MAX);
}

const facts = ({ outcome, network }: Group, count: RollingCount): Omit<RolledRow, 'who' | 'addresses'> => ({
  outcome,
  network,
  attempts: count.total,
  perSecond: count.perSecond,
  minute: count.minute(),
  lastAt: new Date(count.lastAt).toISOString(),
  ...count.risk,
});

const sumOf = (rows: readonly RolledRow[], of: (row: RolledRow) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);
