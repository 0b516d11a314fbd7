import type { FiguresQuery, OverviewPeriod, OverviewQuery } from '../../api/types.js';
import {
  filterQuery,
  noFilters,
  parseFilters,
  serverFilter,
  type Condition,
  type FilterField,
  type Filters,
  type TimeRange,
} from '../../live/filters.js';

/** What the address bar of the overview says: the filters in Live's words, the period and whether it is compared. */
export type OverviewAddress = { filters: Filters; period: OverviewPeriod; compare: boolean };

export const periods: readonly OverviewPeriod[] = ['24h', '7d', '30d'];
const PERIOD: OverviewPeriod = '24h';

/** Reads the address bar. The overview counts one value of each kind and no exclusions: what else is there is named as not understood. */
export function parseAddress(query: string): OverviewAddress {
  const parameters = new URLSearchParams(query);
  const period = periods.find((each) => each === parameters.get('period')) ?? PERIOD;
  const compare = parameters.get('compare') !== 'off';
  for (const key of ['period', 'compare']) parameters.delete(key);
  const { conditions, unread, range } = parseFilters(parameters.toString());
  const used = conditions.filter((condition) => isOnly(condition, conditions));
  const rest = filterQuery({ ...noFilters, conditions: conditions.filter((each) => !used.includes(each)), range });
  const more = [...new URLSearchParams(rest)].map((pair) => pair.join('='));
  return { filters: { conditions: used, range: null, unread: [...unread, ...more] }, period, compare };
}

const isOnly = ({ field, not }: Condition, all: readonly Condition[]): boolean =>
  !not && all.filter((other) => other.field === field && !other.not).length === 1;

/** The address of the overview with all of this; what is as usual is left out. */
export function overviewAddress({ filters, period, compare }: OverviewAddress): string {
  const query = filterQuery(filters);
  const words = [...(period === PERIOD ? [] : [`period=${period}`]), ...(compare ? [] : ['compare=off'])];
  if (words.length === 0) return `/overview${query}`;
  return `/overview${query === '' ? '?' : `${query}&`}${words.join('&')}`;
}

/** The same page with one more condition; another value of the same kind is replaced by it. */
export function narrowed(address: OverviewAddress, added: Partial<Record<FilterField, string>>): string {
  const fields = Object.keys(added);
  const rest = address.filters.conditions.filter(({ field }) => !fields.includes(field));
  return overviewAddress({
    ...address,
    filters: { ...address.filters, conditions: [...rest, ...conditionsOf(added)] },
  });
}

const conditionsOf = (values: Partial<Record<FilterField, string>>): Condition[] =>
  Object.entries(values).map(([field, value]) => ({ field: field as FilterField, not: false, value }));

/** Exactly the attempts behind a number of this page, in Live: what the page is filtered by, and what the number adds to it. */
export function attemptsLink(
  filters: Filters,
  range: TimeRange,
  added: Partial<Record<FilterField, string | readonly string[]>> = {},
): string {
  const rest = filters.conditions.filter(({ field }) => added[field] === undefined);
  const more = Object.entries(added).flatMap(([field, values]) =>
    [values].flat().map((value) => ({ field: field as FilterField, not: false, value })),
  );
  return `/live${filterQuery({ conditions: [...rest, ...more], range, unread: [] })}`;
}

/** The filters as the server takes them. */
export const figuresQuery = ({ filters }: OverviewAddress): FiguresQuery => serverFilter(filters);
export const listsQuery = (address: OverviewAddress): OverviewQuery => ({
  ...serverFilter(address.filters),
  period: address.period,
});
