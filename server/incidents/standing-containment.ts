import type { AlertDetail } from '../contracts/alerts.js';
import type { Queryable } from '../platform/database/data-source.js';
import { countDemanded, lastContainment } from './store/containments.js';

/** What was last done against these alerts in one go, while it stands. */
export async function standingContainment(
  database: Queryable,
  alertIds: readonly string[],
): Promise<AlertDetail['containment']> {
  const row = await lastContainment(database, alertIds);
  return row
    ? {
        id: row.id,
        by: row.by,
        at: row.begunAt.toISOString(),
        sources: row.sources,
        throttledUntil: row.throttledUntil?.toISOString() ?? null,
        passwords: await countDemanded(database, row),
      }
    : null;
}
