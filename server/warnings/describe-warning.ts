import { describeSignIn, type DescribedSignIn } from '../activity/describe-sign-in.js';
import type { Queryable } from '../platform/database/data-source.js';
import { nameCountry } from '../platform/name-country.js';
import type { WarnedOf } from './store/warnings.js';

/** What managers are told of an alert: its newest sign-in, without the address, which is of no use to them. */
export async function describeWarning(database: Queryable, warned: WarnedOf): Promise<DescribedSignIn> {
  const { kind, personId, attemptId, application, country, lastAt } = warned;
  const signIn =
    kind === 'suspicious-sign-in' && attemptId !== null
      ? await describeSignIn(database, personId, attemptId)
      : undefined;
  if (signIn) return { ...signIn, circumstances: { ...signIn.circumstances, ip: null } };
  const place = country === null ? null : nameCountry(country);
  return { circumstances: { at: lastAt.toISOString(), ip: null, client: null, place }, application, novelties: [] };
}
