import type { DataSource } from 'typeorm';
import type { AttemptFilter } from '../contracts/attempts.js';
import { withPlainAddress } from '../platform/address.js';
import { normaliseSubject } from '../platform/subject.js';
import type { ResolvedFilter } from './store/read-attempts.js';

/** A subject may be one of the names of a person, whose attempts have an index of their own. */
export async function resolveFilter(database: DataSource, asked: AttemptFilter): Promise<ResolvedFilter> {
  const filter = withPlainAddress(asked);
  if (filter.subject === undefined || filter.person !== undefined) return filter;
  const [known] = await database.query<{ person_id: string }[]>(
    'SELECT person_id FROM person_identifiers WHERE value = $1 LIMIT 1',
    [normaliseSubject(filter.subject)],
  );
  return known ? { ...filter, person: known.person_id } : filter;
}
