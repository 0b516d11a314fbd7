import type { DataSource } from 'typeorm';
import type { Signal } from '../contracts/detection.js';
import type { OverviewLists } from '../contracts/overview.js';
import { placeOf } from './domain/stored-place.js';
import { type AttemptRecord, readAttempts } from './store/read-attempts.js';

/** Most journeys drawn at once. */
const TRAVELS_MAX = 5;
/** Open alerts looked through for them, the newest first. */
const ALERTS_MAX = 20;

type Found = { alertId: string; person: string; attemptId: string };
type Travel = Extract<Signal, { kind: 'impossible-travel' }>;

/** Journeys that nobody can have made, of open alerts, with both ends. */
export async function readTravels(database: DataSource): Promise<OverviewLists['travels']> {
  const found = await database.query<Found[]>(
    `SELECT al.id AS "alertId", coalesce(p.name, al.subject) AS person, aa.attempt_id AS "attemptId"
     FROM (SELECT * FROM alerts WHERE status <> 'resolved' AND kind = 'suspicious-sign-in' ORDER BY raised_at DESC LIMIT ${ALERTS_MAX}) al
     JOIN alert_attempts aa ON aa.alert_id = al.id LEFT JOIN people p ON p.id = al.person_id ORDER BY al.raised_at DESC, aa.attempt_id DESC`,
  );
  const arrivals = byId(await readAttempts(database, [...new Set(found.map(({ attemptId }) => attemptId))]));
  const journeys = found.flatMap((each) => {
    const arrival = arrivals.get(each.attemptId);
    const evidence = arrival?.signals?.find(
      (signal): signal is Travel => signal.kind === 'impossible-travel',
    )?.evidence;
    return arrival && evidence?.previousAttemptId
      ? [{ ...each, arrival, evidence, from: evidence.previousAttemptId }]
      : [];
  });
  const departures = byId(await readAttempts(database, [...new Set(journeys.map(({ from }) => from))]));
  const drawn = journeys.flatMap(({ alertId, person, arrival, evidence, from: fromId }) => {
    const departure = departures.get(fromId);
    const [from, to] = [departure && placeOf(departure), placeOf(arrival)];
    return from && to ? [{ alertId, person, from, to, km: evidence.distanceKm, minutes: evidence.minutes }] : [];
  });
  return drawn.slice(0, TRAVELS_MAX);
}

const byId = (records: readonly AttemptRecord[]): Map<string, AttemptRecord> =>
  new Map(records.map((record) => [record.id, record]));
