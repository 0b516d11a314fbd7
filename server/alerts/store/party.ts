/** Ids of all alerts that move together with some: those of their incidents, and those that were merged into any of them. */
export const party = `
  WITH top AS (SELECT id, incident_id FROM alerts WHERE id IN (SELECT coalesce(merged_into, id) FROM alerts WHERE id = ANY($1::uuid[]))),
  core AS (SELECT id FROM top UNION SELECT a.id FROM alerts a JOIN top t ON a.incident_id = t.incident_id),
  party AS (SELECT id FROM core UNION SELECT a.id FROM alerts a JOIN core c ON a.merged_into = c.id)`;
