/** Where an hour of counts has become part of its day: as `server/attempts/tidy-counts.ts` has it. */
const HOURS_KEPT_DAYS = 15;

/** Counts stored attempts by who, where and why, in SQL and apart from the code that counts them one by one. */
export const recountedTallies = `
  SELECT v.dimension, a.application_id, a.outcome,
    date_trunc(CASE WHEN a.occurred_at < date_trunc('day', now(), 'UTC') - interval '${HOURS_KEPT_DAYS} days' THEN 'day' ELSE 'hour' END, a.occurred_at, 'UTC') AS bucket,
    v.value, count(*)::int AS attempts, (count(*) FILTER (WHERE a.level = 'critical'))::int AS critical
  FROM attempts a CROSS JOIN LATERAL (VALUES
    ('person', CASE WHEN a.outcome <> 'success' THEN a.person_id::text END),
    ('address', CASE WHEN a.outcome <> 'success' THEN CASE family(a.ip) WHEN 4 THEN host(a.ip) ELSE network(set_masklen(a.ip, 64))::text END END),
    ('reason', CASE WHEN a.outcome <> 'success' THEN coalesce(a.reason, '') END),
    ('network', coalesce(a.asn::text, '')),
    ('country', coalesce(a.country, '')),
    ('place', CASE WHEN a.latitude IS NULL THEN '' ELSE concat_ws('|', a.country, a.latitude, a.longitude, a.accuracy_km, coalesce(a.city, '')) END)
  ) AS v (dimension, value)
  WHERE v.value IS NOT NULL GROUP BY 1, 2, 3, 4, 5`;

/** The same by minute. */
export const recountedMinutes = `
  SELECT date_trunc('minute', occurred_at) AS minute, application_id, outcome, count(*)::int AS attempts
  FROM attempts WHERE occurred_at > now() - interval '8 days' GROUP BY 1, 2, 3`;
