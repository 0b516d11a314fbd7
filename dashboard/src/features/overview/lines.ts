import type { Outcome, OverviewLists } from '../../api/types.js';
import { NO_COUNTRY, NO_NETWORK, outcomeWord, type FilterField } from '../../live/filters.js';
import { outcomeWords, shortOrganisation } from '../../ui/naming.js';
import { countryName } from '../../ui/wording.js';
import { reasonWords } from '../live/attempt-words.js';
import { attemptsLink, narrowed, type OverviewAddress } from './overview-address.js';

/** One line of a list of the most. */
export type Line = {
  key: string;
  name: string;
  /** In full, where the name is cut. */ title: string;
  mono: boolean;
  count: number;
  before: number | null;
  /** The page narrowed to it; null where nothing can be narrowed to it. */ narrow: string | null;
  /** Its attempts; null where no filter finds just these. */ attempts: string | null;
};

type Counted = { count: number; before: number | null };
type Words = { name: string; title?: string; mono?: boolean };

/** Writes the lines of all lists for a page with this address. */
export class Lines {
  readonly #address: OverviewAddress;
  readonly #lists: OverviewLists;
  readonly #ranked: readonly string[];

  constructor(address: OverviewAddress, lists: OverviewLists) {
    this.#address = address;
    this.#lists = lists;
    this.#ranked = lists.ranked === 'failed' ? ['failed', 'blocked'] : [outcomeWord(lists.ranked)];
  }

  people = (): Line[] =>
    this.#lists.people.map((each) => this.#line(each, { name: each.person.name }, { person: each.person.id }));

  addresses = (): Line[] =>
    this.#lists.addresses.map((each) =>
      this.#line(
        each,
        { name: each.address, mono: true },
        each.address.includes('/') ? { cidr: each.address } : { ip: each.address },
      ),
    );

  networks = (): Line[] =>
    this.#lists.networks.map((each) => {
      const { asn, organisation } = each;
      const number = asn === null ? 'No network known' : `AS${asn}`;
      const name = organisation === null ? number : shortOrganisation(organisation);
      const title = organisation === null ? number : `${organisation}, ${number}`;
      return this.#line(each, { name, title }, { asn: asn === null ? NO_NETWORK : String(asn) });
    });

  countries = (): Line[] =>
    this.#lists.countries.map((each) =>
      this.#line(
        each,
        { name: each.country === null ? 'No place known' : countryName(each.country) },
        { country: each.country ?? NO_COUNTRY },
      ),
    );

  applications = (): Line[] =>
    this.#lists.applications.map((each) =>
      this.#line(each, { name: each.application.name }, { application: each.application.id }),
    );

  reasons = (): Line[] =>
    this.#lists.reasons.map(({ outcome, reason, ...counted }) => {
      const name = reasonName(outcome, reason);
      if (reason !== '') return this.#line(counted, { name }, { outcome: outcomeWord(outcome), reason });
      // Where no reason was given no filter finds just these.
      return { ...this.#line(counted, { name }, { outcome: outcomeWord(outcome) }), attempts: null };
    });

  #line(
    { count, before }: Counted,
    { name, title = name, mono = false }: Words,
    values: Partial<Record<FilterField, string>>,
  ): Line {
    const outcome = this.#ranked;
    const { period } = this.#lists;
    return {
      key: Object.values(values).join(' '),
      name,
      title,
      mono,
      count,
      before,
      narrow: narrowed(this.#address, values),
      attempts: attemptsLink(this.#address.filters, period, { outcome, ...values }),
    };
  }
}

/** A failure by its reason; a block by that it was one. */
function reasonName(outcome: Outcome, reason: string): string {
  if (reason === '') return outcome === 'failure' ? 'No reason given' : outcomeWords[outcome];
  const words = reasonWords(reason);
  return outcome === 'failure' ? words : `${outcomeWords[outcome]}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}
