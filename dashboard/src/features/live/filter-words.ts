import type { AttemptRow, OverviewLists } from '../../api/types.js';
import { bandLevel, NO_COUNTRY, NO_NETWORK, type Condition, type FilterField } from '../../live/filters.js';
import { levelWords } from '../../ui/naming.js';
import { countryName } from '../../ui/wording.js';
import { reasonWords } from './attempt-words.js';

const fieldWords: Record<FilterField, string> = {
  outcome: 'outcome',
  person: 'person',
  subject: 'name tried',
  ip: 'address',
  cidr: 'address range',
  asn: 'network',
  country: 'country',
  application: 'application',
  reason: 'reason',
  risk: 'risk',
};
export const fieldWord = (field: FilterField): string => fieldWords[field];

const outcomeShown: Record<string, string> = {
  'signed-in': 'Signed in',
  failed: 'Failed',
  challenged: 'Challenged',
  blocked: 'Blocked',
};

/** Names seen in rows, for filters that the address bar holds by id. */
export class SeenNames {
  readonly #names: Map<string, string>;

  constructor(names: ReadonlyMap<string, string> = new Map()) {
    this.#names = new Map(names);
  }

  remember(row: AttemptRow): void {
    if (row.person) this.set('person', row.person.id, row.person.name);
    this.set('application', row.application.id, row.application.name);
    if (row.network.asn !== null && row.network.organisation !== null)
      this.set('asn', String(row.network.asn), row.network.organisation);
  }

  set(field: FilterField, value: string, name: string): void {
    this.#names.set(`${field} ${value}`, name);
  }

  /** The same and the names that lists of the most give; a new object, so that whoever shows names sees that there are more. */
  with({ people, applications, networks }: Pick<OverviewLists, 'people' | 'applications' | 'networks'>): SeenNames {
    for (const { person } of people) this.set('person', person.id, person.name);
    for (const { application } of applications) this.set('application', application.id, application.name);
    for (const { asn, organisation } of networks)
      if (asn !== null && organisation !== null) this.set('asn', String(asn), organisation);
    return new SeenNames(this.#names);
  }

  get(field: FilterField, value: string): string | undefined {
    return this.#names.get(`${field} ${value}`);
  }
}

/** The value of a condition as a person would say it. */
export function valueWords({ field, value }: Condition, names: SeenNames): string {
  switch (field) {
    case 'outcome':
      return outcomeShown[value] ?? value;
    case 'country':
      return value === NO_COUNTRY ? 'not known' : countryName(value);
    case 'reason':
      return reasonWords(value);
    case 'asn':
      if (value === NO_NETWORK) return 'not known';
      return names.get('asn', value) ?? `AS${value}`;
    case 'risk': {
      const level = bandLevel(value);
      return level ? levelWords[level] : value;
    }
    case 'person':
    case 'application':
      return names.get(field, value) ?? 'chosen one';
    default:
      return value;
  }
}
