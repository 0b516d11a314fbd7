import type { DataSource } from 'typeorm';
import type { Page } from '../contracts/paging.js';
import { type GivenAnswer, TEAM_DAYS, type TeamWarning } from '../contracts/team.js';
import { withBelow } from '../people/reporting-line.js';
import type { Cursors } from '../platform/paging.js';
import type { AnswerWarning } from './answer-warning.js';

/** Answers shown at most; the audit log has all of them. */
const ANSWERS_MAX = 20;

/** Lists what managers have to answer, and what they answered. */
export class ListTeamWarnings {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
    private readonly warnings: AnswerWarning,
  ) {}

  /** What waits for an answer, newest first. */
  async list(
    readerId: string,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<Page<TeamWarning>> {
    const position = this.cursors.decode('team-warnings', cursor);
    const rows = await this.database.query<{ id: string; at: string }[]>(
      `${withBelow}
       SELECT a.id, a.raised_at::text AS at FROM warnings w JOIN alerts a ON a.id = w.alert_id JOIN below b ON b.id = w.person_id
       WHERE a.status NOT IN ('resolved', 'closed') AND NOT EXISTS (SELECT FROM warning_answers n WHERE n.alert_id = a.id AND n.answer <> 'asking')
         AND ($2::timestamptz IS NULL OR (a.raised_at, a.id) < ($2, $3::uuid)) ORDER BY a.raised_at DESC, a.id DESC LIMIT $4`,
      [readerId, position?.[0] ?? null, position?.[1] ?? null, limit + 1],
    );
    const page = this.cursors.page('team-warnings', rows, limit, ({ at, id }) => [at, id]);
    const found = await Promise.all(page.items.map(({ id }) => this.warnings.lookAs(readerId, id)));
    return { items: found.filter((one) => one !== undefined), nextCursor: page.nextCursor };
  }

  /** What this manager answered in the last 30 days, newest first; of people who still report to them. */
  async answered(readerId: string): Promise<GivenAnswer[]> {
    const rows = await this.database.query<(Omit<GivenAnswer, 'at' | 'raisedAt'> & { at: Date; raisedAt: Date })[]>(
      `${withBelow}
       SELECT 'A-' || a.number AS number, p.name AS person, n.answer, n.answered_at AS at, a.raised_at AS "raisedAt"
       FROM warning_answers n JOIN warnings w ON w.alert_id = n.alert_id JOIN alerts a ON a.id = n.alert_id
         JOIN below b ON b.id = w.person_id JOIN people p ON p.id = w.person_id
       WHERE n.receiver_id = $1 AND n.answered_at > now() - interval '${TEAM_DAYS} days' ORDER BY n.answered_at DESC LIMIT ${ANSWERS_MAX}`,
      [readerId],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString(), raisedAt: row.raisedAt.toISOString() }));
  }
}
