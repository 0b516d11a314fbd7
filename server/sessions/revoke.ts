import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { EndReason } from '../contracts/sessions.js';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import { notify } from '../platform/database/listener.js';

/** Which sessions end; only live ones are touched. */
export type Selection =
  | { sessionId: string; personId?: string }
  | { personId: string; exceptSessionId?: string | undefined }
  | { sessionIds: readonly string[] }
  /** Those of a person that may do nothing but set up a second factor, which another one did. */
  | { confinedOf: string; exceptSessionId: string }
  | { deviceId: string; exceptSessionId?: string | undefined }
  /** Opened from this address, or used from it last. */
  | { ip: string; exceptSessionId?: string | undefined }
  /** Whatever passed its idle or absolute limit. */
  | { overdue: 'idle' | 'expired' };

export type Revocation = { id: string; sessionIds: string[] };
export type RevokeRequest = {
  select: Selection;
  by: Actor;
  endReason: EndReason;
  reason?: string | undefined;
  ip?: string | null;
};

/** Session ids carried in the notice itself, so that servers need not ask; more would not fit into 8,000 bytes. */
const NOTICE_IDS_MAX = 100;
/** A server not heard of for this long isn't waited for, in seconds; it checks every session when it comes back. */
const NODE_ALIVE_SECONDS = 15;

/**
 * The only door by which sessions end. In one transaction: the rows are marked, the receipt names the servers that must confirm,
 * the audit entry is appended and the notice is queued, which PostgreSQL sends at commit. Ending what has ended changes nothing.
 */
export class Revoke {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @returns the revocation, or undefined when no live session was selected */
  async revoke(request: RevokeRequest): Promise<Revocation | undefined> {
    return this.database.transaction((tx) => this.revokeWithin(tx, request));
  }

  /** The same inside a transaction of the caller, where the revocation must stand or fall with another change. */
  async revokeWithin(tx: EntityManager, request: RevokeRequest): Promise<Revocation | undefined> {
    const id = randomUUID();
    const byKind = kindOf(request);
    const [condition, values] = conditionOf(request.select);
    // Whoever loses all sessions must not come back by a sign-in that was under way.
    if ('personId' in request.select && !('sessionId' in request.select))
      await tx.query('DELETE FROM sign_ins WHERE person_id = $1', [request.select.personId]);
    const live = await tx.query<{ id: string }[]>(
      `SELECT id FROM sessions WHERE ended_at IS NULL AND ${condition} ORDER BY id FOR UPDATE`,
      values,
    );
    if (live.length === 0) return undefined;
    const sessionIds = live.map((row) => row.id);
    await tx.query('INSERT INTO revocations (id, by_kind, by_id, by_name, reason) VALUES ($1, $2, $3, $4, $5)', [
      id,
      byKind,
      request.by.id,
      request.by.name,
      request.reason ?? null,
    ]);
    await tx.query('UPDATE sessions SET ended_at = now(), end_reason = $2, revocation_id = $3 WHERE id = ANY($1)', [
      sessionIds,
      request.endReason,
      id,
    ]);
    await tx.query(
      `INSERT INTO revocation_nodes (revocation_id, node) SELECT $1, id FROM nodes WHERE kind = 'server' AND seen_at > now() - make_interval(secs => $2)`,
      [id, NODE_ALIVE_SECONDS],
    );
    await this.audit.append(tx, {
      actor: request.by,
      action: 'session.revoked',
      target: { kind: 'revocation', id },
      detail: {
        sessions: sessionIds.length,
        sessionIds: sessionIds.slice(0, NOTICE_IDS_MAX),
        endReason: request.endReason,
        reason: request.reason ?? null,
      },
      ip: request.ip ?? null,
    });
    await notify(tx, 'session_revoked', {
      revocationId: id,
      sessionIds: sessionIds.length <= NOTICE_IDS_MAX ? sessionIds : null,
      reason: request.endReason,
      by: byKind === 'staff' ? request.by.name : null,
    });
    return { id, sessionIds };
  }
}

function kindOf({ by, endReason }: RevokeRequest): 'self' | 'staff' | 'key' | 'system' {
  if (by.kind === 'key') return 'key';
  if (by.kind !== 'person') return 'system';
  return endReason === 'signed_out' || endReason === 'revoked_by_self' ? 'self' : 'staff';
}

function conditionOf(select: Selection): [string, unknown[]] {
  if ('sessionId' in select)
    return ['id = $1 AND ($2::uuid IS NULL OR person_id = $2)', [select.sessionId, select.personId ?? null]];
  if ('sessionIds' in select) return ['id = ANY($1)', [select.sessionIds]];
  if ('personId' in select)
    return ['person_id = $1 AND id IS DISTINCT FROM $2::uuid', [select.personId, select.exceptSessionId ?? null]];
  if ('confinedOf' in select)
    return ['person_id = $1 AND id <> $2 AND confined_to IS NOT NULL', [select.confinedOf, select.exceptSessionId]];
  if ('deviceId' in select)
    return ['device_id = $1 AND id IS DISTINCT FROM $2::uuid', [select.deviceId, select.exceptSessionId ?? null]];
  if ('ip' in select)
    return ['$1::inet IN (ip, seen_ip) AND id IS DISTINCT FROM $2::uuid', [select.ip, select.exceptSessionId ?? null]];
  return select.overdue === 'idle'
    ? ['last_seen_at + idle_limit <= now() AND expires_at > now()', []]
    : ['expires_at <= now()', []];
}
