import type { DataSource } from 'typeorm';
import { type Outcome } from '../contracts/attempts.js';
import { LINES, type Periods, placesOf, type Ranked, totalsOf, type Unnamed } from './overview-lists.js';
import { countGroups, type GroupName, groupNewest, type NewestGroup } from './store/overview-newest.js';
import type { ResolvedFilter } from './store/read-attempts.js';

/** The lists of a view that no counts are kept for. */
export async function listsOfNewest(
  database: DataSource,
  filter: ResolvedFilter,
  outcomes: readonly Outcome[],
  { period, previous }: Periods,
): Promise<Unnamed> {
  const found = await groupNewest(database, filter, { period, outcomes, limit: LINES });
  const only = [
    ...found.groups.map(({ name, value }) => `${name} ${value}`),
    ...allOutcomes.map((each) => `outcome ${each}`),
  ];
  // A part of a period compares with nothing.
  const compared = found.since ? null : await countGroups(database, filter, { period: previous, outcomes, only });
  const before = (name: GroupName, value: string): number | null =>
    compared === null ? null : (compared.get(`${name} ${value}`) ?? 0);
  const of = (name: GroupName): NewestGroup[] => found.groups.filter((group) => group.name === name);
  const ranked = (name: GroupName): Ranked[] =>
    of(name)
      .filter(({ ranked }) => ranked > 0)
      .map(({ value, ranked }) => ({ value, count: ranked, before: before(name, value) }));
  const names = await namesOfApplications(
    database,
    of('application').map(({ value }) => value),
  );
  const byOutcome = of('outcome').map(({ value, attempts }) => ({ outcome: value as Outcome, count: attempts }));
  return {
    newest: found.since && { attempts: found.attempts, since: found.since.toISOString() },
    totals: totalsOf(byOutcome, ({ count }) => count),
    before: compared && totalsOf(outcomesIn(compared), ({ count }) => count),
    reasons: ranked('reason').map(({ value, ...rest }) => ({ ...reasonOf(value), ...rest })),
    people: ranked('person'),
    addresses: ranked('address').map(({ value, ...rest }) => ({ address: value, ...rest })),
    networks: ranked('network'),
    countries: ranked('country').map(({ value, ...rest }) => ({ country: value || null, ...rest })),
    applications: ranked('application').map(({ value, ...rest }) => ({
      application: { id: value, name: names.get(value) ?? 'Removed application' },
      ...rest,
    })),
    ...placesOf(of('place'), found.distinctPlaces),
  };
}

const allOutcomes: readonly Outcome[] = ['success', 'failure', 'challenge', 'blocked'];
const outcomesIn = (counts: ReadonlyMap<string, number>): { outcome: Outcome; count: number }[] =>
  allOutcomes.map((outcome) => ({ outcome, count: counts.get(`outcome ${outcome}`) ?? 0 }));

function reasonOf(value: string): { outcome: Outcome; reason: string } {
  const end = value.indexOf('/');
  return { outcome: value.slice(0, end) as Outcome, reason: value.slice(end + 1) };
}

async function namesOfApplications(database: DataSource, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; name: string }[]>(
    'SELECT id, name FROM applications WHERE id = ANY($1)',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
