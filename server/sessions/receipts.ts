import type { DataSource } from 'typeorm';
import type { RevocationReceipt } from '../contracts/sessions.js';
import { tellingOf } from '../webhooks/telling-of.js';
import { sessionsOfRevocation } from './store/read-sessions.js';

type Head = {
  id: string;
  revoked_at: Date;
  by_kind: RevocationReceipt['by']['kind'];
  by_id: string | null;
  by_name: string;
  reason: string | null;
};

/** The record of who ended what, and which servers have carried it out. */
export class Receipts {
  constructor(private readonly database: DataSource) {}

  /** A server says that it has cut the sockets of a revocation. Late or repeated words change nothing. */
  async confirm(revocationId: string, node: string, socketsCut: number): Promise<void> {
    await this.database.query(
      `INSERT INTO revocation_nodes (revocation_id, node, confirmed_at, sockets_cut) SELECT id, $2, clock_timestamp(), $3 FROM revocations WHERE id = $1
     ON CONFLICT (revocation_id, node) DO UPDATE SET confirmed_at = coalesce(revocation_nodes.confirmed_at, excluded.confirmed_at),
       sockets_cut = greatest(revocation_nodes.sockets_cut, excluded.sockets_cut)`,
      [revocationId, node, socketsCut],
    );
  }

  /** What was ended, by whom, and which server confirmed when; undefined for an unknown id. */
  async read(revocationId: string): Promise<RevocationReceipt | undefined> {
    const [head] = await this.database.query<Head[]>(
      'SELECT id, revoked_at, by_kind, by_id, by_name, reason FROM revocations WHERE id = $1',
      [revocationId],
    );
    if (!head) return undefined;
    const sessions = await sessionsOfRevocation(this.database, revocationId);
    const nodes = await this.database.query<{ node: string; confirmed_at: Date | null; sockets_cut: number }[]>(
      'SELECT node, confirmed_at, sockets_cut FROM revocation_nodes WHERE revocation_id = $1 ORDER BY confirmed_at, node',
      [revocationId],
    );
    return {
      id: head.id,
      revokedAt: head.revoked_at.toISOString(),
      by: { kind: head.by_kind, id: head.by_id, name: head.by_name },
      reason: head.reason,
      sessions: sessions.map((row) => ({
        id: row.id,
        personName: row.name,
        client: { device: row.device, os: row.os, browser: row.browser },
      })),
      confirmations: nodes.flatMap((row) =>
        row.confirmed_at
          ? [{ node: row.node, confirmedAt: row.confirmed_at.toISOString(), socketsCut: row.sockets_cut }]
          : [],
      ),
      pendingNodes: nodes.filter((row) => row.confirmed_at === null).map((row) => row.node),
      told: await tellingOf(this.database, `session.revoked:${revocationId}`),
    };
  }

  /** The sessions that a revocation ended. */
  async endedBy(revocationId: string): Promise<{ id: string; personId: string; endedAt: Date }[]> {
    return this.database.query(
      'SELECT id, person_id AS "personId", ended_at AS "endedAt" FROM sessions WHERE revocation_id = $1',
      [revocationId],
    );
  }
}
