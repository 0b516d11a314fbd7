import type { EntityManager } from 'typeorm';

/** One more line in the history of an incident, by a person, or null for Gatehouse itself. */
export async function addIncidentEvent(
  tx: EntityManager,
  incidentId: string,
  { kind, by, detail }: { kind: 'contained' | 'released'; by: string | null; detail: Record<string, number> },
): Promise<void> {
  await tx.query('INSERT INTO incident_events (incident_id, kind, person_id, detail) VALUES ($1, $2, $3, $4)', [
    incidentId,
    kind,
    by,
    JSON.stringify(detail),
  ]);
}
