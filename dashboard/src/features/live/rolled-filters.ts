import type { RolledRow } from '../../api/types.js';
import { outcomeWord, withCondition, withOutcome, type Filters } from '../../live/filters.js';

/** Filters that leave over the attempts which a rolled-up row counts (and, of many accounts, those with a row of their own). */
export function rolledFilters(filters: Filters, { outcome, network, who }: RolledRow): Filters {
  let found = withOutcome(filters, null);
  found = withCondition(found, { field: 'outcome', not: false, value: outcomeWord(outcome) });
  if (network.asn !== null) found = withCondition(found, { field: 'asn', not: false, value: String(network.asn) });
  if (who.kind !== 'one') return found;
  const whom = who.person
    ? ({ field: 'person', value: who.person.id } as const)
    : ({ field: 'subject', value: who.subject } as const);
  return withCondition(found, { ...whom, not: false });
}
