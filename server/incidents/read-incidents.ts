import type { DataSource } from 'typeorm';
import { viewAlerts } from '../alerts/raise-alerts.js';
import type { IncidentDetail, IncidentQuery, IncidentView } from '../contracts/incidents.js';
import type { Page } from '../contracts/paging.js';
import { Refusal } from '../platform/errors.js';
import type { Cursors } from '../platform/paging.js';
import { toIncidentSource, toIncidentSubject, toIncidentView } from './incident-view.js';
import {
  listIncidents,
  readEvents,
  readIncident,
  readIncidentsByIds,
  readMembers,
  readSources,
  readSubjects,
} from './store/read-incidents.js';

/** How many members, people and sources one answer lists; the counts are of all. */
const LISTED = 100;

/** What is known about attacks: who tries, who is tried, who got in, and what was done. */
export class ReadIncidents {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  async list(query: IncidentQuery): Promise<Page<IncidentView>> {
    const position = this.cursors.decode('incidents', query.cursor);
    const after = position && { at: String(position[0]), id: String(position[1]) };
    const rows = await listIncidents(this.database, query, after);
    const page = this.cursors.page('incidents', rows, query.limit, (row) => [row.position, row.id]);
    return { items: page.items.map(toIncidentView), nextCursor: page.nextCursor };
  }

  /** As lists show them, for the live view; those that became part of others are left out. */
  view(ids: readonly string[]): Promise<IncidentView[]> {
    return viewIncidents(this.database, ids);
  }

  /** @throws Refusal `not_found` */
  async read(id: string): Promise<IncidentDetail> {
    const row = await readIncident(this.database, id);
    if (!row) throw new Refusal('not_found');
    const [ids, subjects, sources, events] = await Promise.all([
      readMembers(this.database, id, LISTED),
      readSubjects(this.database, id, LISTED),
      readSources(this.database, id, LISTED),
      readEvents(this.database, id),
    ]);
    const members = await viewAlerts(this.database, ids);
    return {
      ...toIncidentView(row),
      members: members.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)),
      topSubjects: subjects.map(toIncidentSubject),
      topSources: sources.map(toIncidentSource),
      history: events.map((event) => ({ ...event, at: event.at.toISOString() })),
    };
  }
}

export async function viewIncidents(database: DataSource, ids: readonly string[]): Promise<IncidentView[]> {
  return (await readIncidentsByIds(database, ids)).map(toIncidentView);
}
