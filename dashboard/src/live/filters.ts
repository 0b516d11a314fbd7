import { inCidr, parseCidr } from './cidr.js';
import type { AttemptFilter, AttemptRow, Outcome, RiskLevel } from '../api/types.js';
import { thresholds } from './thresholds.js';

/** What a cell of the stream can be filtered by, in the words of the address bar. */
export const filterFields = [
  'outcome',
  'person',
  'subject',
  'ip',
  'cidr',
  'asn',
  'country',
  'application',
  'reason',
  'risk',
] as const;
export type FilterField = (typeof filterFields)[number];

/** What is not known, in the words of the address bar; the server's contract spells them the same. */
export const NO_COUNTRY = 'ZZ';
export const NO_NETWORK = '0';

/** One condition: `country is PT`, or with `not` `country is not PT`. Values are the words used in the address bar. */
export type Condition = { field: FilterField; not: boolean; value: string };

/** A fixed stretch of time, set by a shared link; without it the view is live. ISO 8601. */
export type TimeRange = { from: string; to: string };
export type Filters = {
  conditions: Condition[];
  range: TimeRange | null;
  /** What the address bar holds and nobody understands, as `key=value`: it filters nothing, and the page says so. */
  unread: string[];
};

export const noFilters: Filters = { conditions: [], range: null, unread: [] };

const outcomeWords: Record<Outcome, string> = {
  success: 'signed-in',
  failure: 'failed',
  challenge: 'challenged',
  blocked: 'blocked',
};
const wordOutcomes = new Map(Object.entries(outcomeWords).map(([outcome, word]) => [word, outcome as Outcome]));

/** The word that stands for an outcome in the address bar. */
export const outcomeWord = (outcome: Outcome): string => outcomeWords[outcome];

/** The scores of a level by the policy in force, both ends included. */
export function riskBand(level: RiskLevel): string {
  const starts = { low: 0, ...thresholds };
  const next = { low: starts.medium, medium: starts.high, high: starts.critical, critical: 101 };
  return `${starts[level]}..${next[level] - 1}`;
}

/** The level whose band this is, so that a chip can say "High" in place of "60..84". */
export const bandLevel = (value: string): RiskLevel | null =>
  (['low', 'medium', 'high', 'critical'] as const).find((level) => riskBand(level) === value) ?? null;

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const rangeShape = /^(\d{0,3})\.\.(\d{0,3})$/;

/** Reads `70..`, `..30` or `60..84`; null when it is none of these. */
export function parseRisk(value: string): { min: number; max: number } | null {
  const match = rangeShape.exec(value);
  if (!match) return null;
  const min = match[1] ? Number(match[1]) : 0;
  const max = match[2] ? Number(match[2]) : 100;
  return min <= max && max <= 100 ? { min, max } : null;
}

const valueShapes: Record<FilterField, (value: string) => boolean> = {
  outcome: (value) => wordOutcomes.has(value),
  person: (value) => uuidShape.test(value),
  application: (value) => uuidShape.test(value),
  subject: (value) => value.length > 0 && value.length <= 320,
  cidr: (value) => parseCidr(value) !== null,
  ip: (value) => /^[0-9a-f.:]{2,45}$/i.test(value),
  asn: (value) => /^\d{1,10}$/.test(value) && Number(value) <= 4_294_967_295,
  country: (value) => /^[A-Z]{2}$/.test(value),
  reason: (value) => value.length > 0 && value.length <= 64,
  risk: (value) => parseRisk(value) !== null,
};

/** Reads filters from the query of the address bar; what can't be read is named in `unread`, never guessed. */
export function parseFilters(query: string): Filters {
  const parameters = new URLSearchParams(query);
  const range = parseRange(parameters.get('from'), parameters.get('to'));
  const conditions: Condition[] = [];
  const unread: string[] = [];
  // Twice the same is once.
  for (const text of new Set([...parameters].map((pair) => pair.join('=')))) {
    const [key, value] = keyAndValue(text);
    const not = key.endsWith('!');
    const field = filterFields.find((known) => known === (not ? key.slice(0, -1) : key));
    if (field && valueShapes[field](value)) conditions.push({ field, not, value });
    else if (!range || !rangeKeys.has(key)) unread.push(text);
  }
  return { conditions, range, unread };
}

function keyAndValue(text: string): [key: string, value: string] {
  const end = text.indexOf('=');
  return [text.slice(0, end), text.slice(end + 1)];
}

const rangeKeys = new Set(['from', 'to']);

function parseRange(from: string | null, to: string | null): TimeRange | null {
  if (!from || !to || !(Date.parse(from) < Date.parse(to))) return null;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Writes filters as a query that a person can read, e.g. `?outcome=failed&country!=PT&risk=70..`; '' when there are none. */
export function filterQuery(filters: Filters): string {
  const words = filters.conditions.map(({ field, not, value }) => `${field}${not ? '!' : ''}=${readable(value)}`);
  if (filters.range) words.push(`from=${readable(filters.range.from)}`, `to=${readable(filters.range.to)}`);
  // Kept until somebody removes them: otherwise the warning would go with the next click on something else.
  for (const text of filters.unread) {
    words.push(keyAndValue(text).map(readable).join('='));
  }
  return words.length === 0 ? '' : `?${words.join('&')}`;
}

/** Percent-encodes only what would break the query: `:`, `@`, `/` and in a value `=` are legal in it and far easier to read. */
const readable = (value: string): string =>
  encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%40', '@').replaceAll('%2F', '/').replaceAll('%3D', '=');

/** The address of the live view with one condition, and where it is about something past, with its stretch of time. */
export const liveLink = (field: FilterField, value: string, range: TimeRange | null = null): string =>
  `/live${filterQuery({ ...noFilters, conditions: [{ field, not: false, value }], range })}`;

/** Adds a condition; the same value the other way round is replaced, the same condition twice is one. */
export function withCondition(filters: Filters, added: Condition): Filters {
  const rest = filters.conditions.filter(({ field, value }) => field !== added.field || value !== added.value);
  return { ...filters, conditions: [...rest, added] };
}

export function withoutCondition(filters: Filters, removed: Condition): Filters {
  return { ...filters, conditions: filters.conditions.filter((condition) => !same(condition, removed)) };
}

export function withoutUnread(filters: Filters, removed: string): Filters {
  return { ...filters, unread: filters.unread.filter((text) => text !== removed) };
}

/** Shows one outcome only, or all of them with null. */
export function withOutcome(filters: Filters, outcome: Outcome | null): Filters {
  const rest = filters.conditions.filter(({ field }) => field !== 'outcome');
  if (!outcome) return { ...filters, conditions: rest };
  return { ...filters, conditions: [...rest, { field: 'outcome', not: false, value: outcomeWords[outcome] }] };
}

/** The one outcome that is shown, or null where all or several are. */
export function onlyOutcome(filters: Filters): Outcome | null {
  const chosen = filters.conditions.filter(({ field, not }) => field === 'outcome' && !not);
  return chosen.length === 1 && chosen[0] ? (wordOutcomes.get(chosen[0].value) ?? null) : null;
}

const same = (a: Condition, b: Condition): boolean => a.field === b.field && a.not === b.not && a.value === b.value;

/** What a row has for a field, in the words of the address bar; null where it has nothing to filter by. */
export function rowValue(row: AttemptRow, field: FilterField): string | null {
  switch (field) {
    case 'outcome':
      return outcomeWords[row.outcome];
    case 'person':
      return row.person?.id ?? null;
    case 'subject':
      return row.subject;
    case 'ip':
      return row.ip;
    case 'cidr':
      return null;
    case 'reason':
      return row.reason;
    case 'asn':
      return row.network.asn === null ? null : String(row.network.asn);
    case 'country':
      return row.place?.country ?? null;
    case 'application':
      return row.application.id;
    case 'risk':
      return riskBand(row.level);
  }
}

function holds(row: AttemptRow, { field, value }: Condition): boolean {
  if (field === 'cidr') return inCidr(row.ip, value);
  if (field === 'country' && value === NO_COUNTRY) return row.place === null;
  if (field === 'asn' && value === NO_NETWORK) return row.network.asn === null;
  if (field !== 'risk') return rowValue(row, field) === value;
  const range = parseRisk(value);
  return range !== null && row.score >= range.min && row.score <= range.max;
}

/** Values of one field are alternatives, different fields must all hold, and nothing excluded may hold. */
export function matches(row: AttemptRow, filters: Filters): boolean {
  const { range, conditions } = filters;
  if (
    range &&
    (Date.parse(row.occurredAt) < Date.parse(range.from) || Date.parse(row.occurredAt) >= Date.parse(range.to))
  )
    return false;
  if (conditions.some((condition) => condition.not && holds(row, condition))) return false;
  return filterFields.every((field) => {
    const wanted = conditions.filter((condition) => condition.field === field && !condition.not);
    return wanted.length === 0 || wanted.some((condition) => holds(row, condition));
  });
}

/**
 * The part of the filters that the server can apply. It knows one value for each field and no exclusion; the rest is
 * applied to its answer by `matches`.
 */
export function serverFilter({ conditions, range }: Filters): AttemptFilter {
  const filter: AttemptFilter = { ...range };
  for (const field of filterFields) {
    const wanted = conditions.filter((condition) => condition.field === field && !condition.not);
    const [only] = wanted;
    if (wanted.length === 1 && only) Object.assign(filter, serverPart(only));
  }
  return filter;
}

/** Whether `serverFilter` says all of it: one value for each field, and no exclusion. */
export function serverCovers({ conditions }: Filters): boolean {
  const fields = new Set(conditions.map(({ field }) => field));
  return fields.size === conditions.length && conditions.every(({ not }) => !not);
}

function serverPart({ field, value }: Condition): AttemptFilter {
  switch (field) {
    case 'outcome': {
      const outcome = wordOutcomes.get(value);
      return outcome ? { outcome } : {};
    }
    case 'asn':
      return { asn: Number(value) };
    case 'risk': {
      const range = parseRisk(value);
      return range ? { riskMin: range.min, riskMax: range.max } : {};
    }
    default:
      return { [field]: value };
  }
}
