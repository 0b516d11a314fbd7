import { type DataSource, In } from 'typeorm';
import type { ApplicationView } from '../contracts/applications.js';
import type { ConnectState } from '../contracts/operations.js';
import type { Page } from '../contracts/paging.js';
import type { Cursors } from '../platform/paging.js';
import { toKeyView } from './application-view.js';
import { ApplicationKeyEntity } from './store/application-key.entity.js';

type Row = {
  id: string;
  name: string;
  name_key: string;
  kind: ApplicationView['kind'];
  created_at: Date;
  last_attempt_at: Date | null;
  attempts24h: number;
};

/** Lists applications with their keys and how much they report. */
export class ListApplications {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  async list(cursor: string | undefined, limit: number): Promise<Page<ApplicationView>> {
    const after = this.cursors.decode('applications', cursor)?.[0] ?? null;
    const rows = await this.database.query<Row[]>(
      `${select} WHERE $1::text IS NULL OR a.name_key > $1 ORDER BY a.name_key LIMIT $2`,
      [after, limit + 1],
    );
    const page = this.cursors.page('applications', rows, limit, (row) => [row.name_key]);
    return { items: await this.withKeys(page.items), nextCursor: page.nextCursor };
  }

  async read(id: string): Promise<ApplicationView | undefined> {
    return (await this.withKeys(await this.database.query<Row[]>(`${select} WHERE a.id = $1`, [id])))[0];
  }

  /** Whether a first attempt came, and which requests were turned away lately. */
  async connectState(): Promise<ConnectState> {
    const [first] = await this.database.query<{ at: Date | null }[]>(
      "SELECT min(last_attempt_at) AS at FROM applications WHERE kind <> 'gatehouse'",
    );
    const refused = await this.database.query<{ at: Date; ip: string; code: string }[]>(
      'SELECT at, host(ip) AS ip, code FROM refused_requests ORDER BY id DESC LIMIT 10',
    );
    return {
      firstAttemptAt: first?.at?.toISOString() ?? null,
      refused: refused.map((row) => ({ ...row, at: row.at.toISOString() })),
    };
  }

  private async withKeys(rows: Row[]): Promise<ApplicationView[]> {
    const keys = await this.database
      .getRepository(ApplicationKeyEntity)
      .find({ where: { applicationId: In(rows.map((row) => row.id)) }, order: { createdAt: 'DESC' } });
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      kind: row.kind,
      createdAt: row.created_at.toISOString(),
      lastAttemptAt: row.last_attempt_at?.toISOString() ?? null,
      attempts24h: row.attempts24h,
      keys: keys.filter((key) => key.applicationId === row.id).map(toKeyView),
    }));
  }
}

const select = `
  SELECT a.id, a.name, a.name_key, a.kind, a.created_at, a.last_attempt_at,
    (SELECT coalesce(sum(h.attempts), 0)::int FROM attempt_hours h WHERE h.application_id = a.id AND h.hour > now() - interval '24 hours') AS attempts24h
  FROM applications a`;
