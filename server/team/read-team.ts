import type { DataSource } from 'typeorm';
import type { RiskLevel } from '../contracts/detection.js';
import type { Page } from '../contracts/paging.js';
import type { PersonState } from '../contracts/people.js';
import type { TeamPerson, TeamPersonDetail, TeamQuery, TeamSummary } from '../contracts/team.js';
import { beginsWith, hasTwoStep, personState, searchLiteral } from '../people/person-columns.js';
import { readDays } from '../people/read-days.js';
import { reportingLine, requireReport, withBelow } from '../people/reporting-line.js';
import { Refusal } from '../platform/errors.js';
import type { Cursors } from '../platform/paging.js';
import { countLiveOf } from '../sessions/count-live.js';
import { withWarned } from '../warnings/open-to-answer.js';
import { lastSignIns, revealedUntil } from './store/read-team.js';

type Row = {
  id: string;
  name: string;
  sort: string;
  email: string;
  title: string | null;
  manager_id: string | null;
  manager_name: string | null;
  state: PersonState;
  two_step: boolean;
  reminded_at: Date | null;
  alert_id: string | null;
  severity: RiskLevel | null;
  rank: number;
};

const select = `
  SELECT p.id, p.name, lower(p.name) AS sort, p.email, p.title, p.manager_id, m.name AS manager_name, ${personState} AS state, ${hasTwoStep} AS two_step,
    r.reminded_at, w.alert_id, w.severity, ${rank()} AS rank
  FROM below b JOIN people p ON p.id = b.id LEFT JOIN people m ON m.id = p.manager_id
    LEFT JOIN two_step_reminders r ON r.person_id = p.id LEFT JOIN warned w ON w.person_id = p.id`;

/** Who needs an answer comes first, the worst of them before the others. */
function rank(): string {
  return `CASE w.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END`;
}

const shown: Record<TeamQuery['show'], string> = {
  all: 'true',
  direct: 'p.manager_id = $1',
  to_answer: 'w.alert_id IS NOT NULL',
  no_two_step: `${personState} = 'active' AND NOT ${hasTwoStep}`,
};

/** Shows managers the people who report to them, on all levels, as the reporting line stands at this moment. */
export class ReadTeam {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /** Who needs an answer first, then by name. */
  async list(managerId: string, query: TeamQuery): Promise<Page<TeamPerson>> {
    const position = this.cursors.decode('team', query.cursor);
    const rows = await this.database.query<Row[]>(
      `${withBelow}, ${withWarned} ${select}
       WHERE ${shown[query.show]} AND ($2::text IS NULL OR ${beginsWith('$2')})
         AND ($3::int IS NULL OR (${rank()}, lower(p.name), p.id) > ($3, $4, $5::uuid))
       ORDER BY rank, lower(p.name), p.id LIMIT $6`,
      [
        managerId,
        query.search === undefined ? null : searchLiteral(query.search),
        position?.[0] ?? null,
        position?.[1] ?? null,
        position?.[2] ?? null,
        query.limit + 1,
      ],
    );
    const page = this.cursors.page('team', rows, query.limit, (row) => [row.rank, row.sort, row.id]);
    return { items: await this.describe(managerId, page.items), nextCursor: page.nextCursor };
  }

  async summary(managerId: string): Promise<TeamSummary> {
    const [row] = await this.database.query<TeamSummary[]>(
      `${withBelow}, ${withWarned}
       SELECT count(*)::int AS people, count(*) FILTER (WHERE p.manager_id = $1)::int AS direct,
         count(w.alert_id)::int AS "toAnswer", count(*) FILTER (WHERE ${shown.no_two_step})::int AS "withoutTwoStep"
       FROM below b JOIN people p ON p.id = b.id LEFT JOIN warned w ON w.person_id = p.id`,
      [managerId],
    );
    return row ?? { people: 0, direct: 0, toAnswer: 0, withoutTwoStep: 0 };
  }

  /** @throws Refusal `not_found` for whoever does not report to this manager */
  async read(managerId: string, personId: string): Promise<TeamPersonDetail> {
    await requireReport(this.database, managerId, personId);
    const rows = await this.database.query<Row[]>(`${withBelow}, ${withWarned} ${select} WHERE p.id = $2`, [
      managerId,
      personId,
    ]);
    const [person] = await this.describe(managerId, rows);
    if (!person) throw new Refusal('not_found');
    const [days, until] = await Promise.all([
      readDays(this.database, personId),
      revealedUntil(this.database, managerId, personId),
    ]);
    return { ...person, days, revealedUntil: until?.toISOString() ?? null };
  }

  /** Everybody above any of these people who may act for them. */
  async managersOf(personIds: readonly string[]): Promise<string[]> {
    const lines = await Promise.all(personIds.map((id) => reportingLine(this.database, id)));
    return [...new Set(lines.flat())];
  }

  private async describe(managerId: string, rows: readonly Row[]): Promise<TeamPerson[]> {
    const ids = rows.map(({ id }) => id);
    const [sessions, signIns] = await Promise.all([countLiveOf(this.database, ids), lastSignIns(this.database, ids)]);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      title: row.title,
      state: row.state,
      manager:
        row.manager_id === null || row.manager_id === managerId
          ? null
          : { id: row.manager_id, name: row.manager_name ?? '' },
      twoStep: row.two_step,
      remindedAt: row.reminded_at?.toISOString() ?? null,
      lastSignIn: signIns.get(row.id) ?? null,
      openSessions: sessions.get(row.id) ?? 0,
      toAnswer:
        row.alert_id === null || row.severity === null ? null : { alertId: row.alert_id, severity: row.severity },
    }));
  }
}
