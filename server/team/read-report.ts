import type { DataSource } from 'typeorm';
import type { ListActivity } from '../activity/list-activity.js';
import type { ActivityRow } from '../contracts/activity.js';
import type { Page } from '../contracts/paging.js';
import type { SessionView } from '../contracts/sessions.js';
import { TEAM_DAYS, type TeamActivityQuery, type TeamAttempt, type TeamSession } from '../contracts/team.js';
import { requireReport } from '../people/reporting-line.js';
import type { ListSessions } from '../sessions/list-sessions.js';
import { revealedUntil } from './store/read-team.js';

const DAY_MS = 24 * 3_600_000;

/** Shows managers the sessions and sign-ins of one of their people: with addresses and places only after a reason was given for it. */
export class ReadReport {
  constructor(
    private readonly database: DataSource,
    private readonly sessions: ListSessions,
    private readonly activity: ListActivity,
    private readonly now: () => number,
  ) {}

  /** Live ones, by last use. @throws Refusal `not_found` */
  async listSessions(
    managerId: string,
    personId: string,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<Page<TeamSession>> {
    const shows = await this.look(managerId, personId);
    const page = await this.sessions.list({ person: personId, state: 'live', cursor, limit }, null);
    return { items: page.items.map((session) => toTeamSession(session, shows)), nextCursor: page.nextCursor };
  }

  /** Of the last 30 days, newest first. @throws Refusal `not_found` */
  async listActivity(
    managerId: string,
    personId: string,
    { show, cursor, limit }: TeamActivityQuery,
  ): Promise<Page<TeamAttempt>> {
    const shows = await this.look(managerId, personId);
    const page = await this.activity.list({ personId, sessionId: '' }, { show }, cursor, limit);
    const oldest = this.now() - TEAM_DAYS * DAY_MS;
    const items = page.items.filter(({ occurredAt }) => Date.parse(occurredAt) > oldest);
    const isOver = items.length < page.items.length;
    return { items: items.map((row) => toTeamAttempt(row, shows)), nextCursor: isOver ? null : page.nextCursor };
  }

  /** @returns whether addresses and places are shown */
  private async look(managerId: string, personId: string): Promise<boolean> {
    await requireReport(this.database, managerId, personId);
    return (await revealedUntil(this.database, managerId, personId)) !== undefined;
  }
}

const toTeamSession = (session: SessionView, shows: boolean): TeamSession => {
  const { id, client, startedAt, lastSeenAt, ip, network, place } = session;
  const country = place?.country ?? null;
  return { id, client, startedAt, lastSeenAt, country, details: shows ? { ip, network, place } : null };
};

const toTeamAttempt = (row: ActivityRow, shows: boolean): TeamAttempt => {
  const { id, occurredAt, outcome, reason, application, client, novelties, ip, network, place } = row;
  const country = place?.country ?? null;
  const details = shows ? { ip, network, place } : null;
  return { id, occurredAt, outcome, reason, application, client, novelties, country, details };
};
