import type { AlertReach } from '../contracts/alerts.js';
import type { Queryable } from '../platform/database/data-source.js';
import { countSources, readInside } from './store/reach.js';

/** Most people and sources that one containment reaches. */
export const PEOPLE_MAX = 1_000;
export const SOURCES_MAX = 20_000;
/** People named before it is done. */
const NAMED = 20;

/** What containing these alerts would do now, exactly. @param alertIds all that belong together */
export async function readReach(
  database: Queryable,
  alertIds: readonly string[],
  by: { personId: string | null },
): Promise<AlertReach> {
  const [all, sources] = await Promise.all([
    readInside(database, alertIds, PEOPLE_MAX),
    countSources(database, alertIds, SOURCES_MAX),
  ]);
  // Nobody shuts themselves out.
  const people = all.filter(({ id }) => id !== by.personId);
  return {
    alerts: alertIds.length,
    people: people.slice(0, NAMED).map(({ id, name, sessions }) => ({ id, name, sessions })),
    peopleCount: people.length,
    sessions: people.reduce((sum, { sessions }) => sum + sessions, 0),
    passwords: people.filter(({ hasPassword }) => hasPassword).length,
    sources,
  };
}
