import { createHmac } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type ChainedEntry, chainBytes } from './domain/chain.js';

/** Who acted: a person or key as checked by the guard, or the program itself. */
export type Actor = { kind: 'person' | 'key' | 'system' | 'cli'; id: string | null; name: string };

/** One thing that was done. `detail` must hold no secret: it is shown to auditors. */
export type AuditEntryInput = {
  actor: Actor;
  action: string;
  target: { kind: string; id: string | null };
  detail?: Record<string, unknown>;
  ip?: string | null;
};

/** Serialises writers of the chain, so that each entry follows exactly one other. */
const CHAIN_LOCK = 7_203_312;

export const systemActor: Actor = { kind: 'system', id: null, name: 'Gatehouse' };
export const cliActor: Actor = { kind: 'cli', id: null, name: 'Command line' };

/** Appends to the audit chain inside the transaction of the act itself: if this fails, the act fails. */
export class AppendAudit {
  constructor(private readonly chainKey: Buffer) {}

  async append(tx: EntityManager, input: AuditEntryInput): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
    const [last] = await tx.query<{ sequence: string; hash: Buffer }[]>(
      'SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1',
    );
    const [clock] = await tx.query<{ now: string }[]>(
      'SELECT to_char(clock_timestamp() AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') AS now',
    );
    const entry: ChainedEntry = {
      sequence: Number(last?.sequence ?? 0) + 1,
      at: clock?.now ?? new Date().toISOString(),
      actorKind: input.actor.kind,
      actorId: input.actor.id,
      actorName: input.actor.name,
      action: input.action,
      targetKind: input.target.kind,
      targetId: input.target.id,
      detail: JSON.stringify(input.detail ?? {}),
      ip: input.ip ?? null,
    };
    const previousHash = last?.hash ?? Buffer.alloc(32);
    const hash = hashEntry(this.chainKey, entry, previousHash);
    await tx.query(
      `INSERT INTO audit_entries (sequence, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, detail, ip, previous_hash, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [...Object.values(entry), previousHash, hash],
    );
  }
}

/** HMAC-SHA-256 over the entry and its forerunner's hash; the key is outside the database, so a dump can't be re-chained. */
export const hashEntry = (key: Buffer, entry: ChainedEntry, previousHash: Buffer): Buffer =>
  createHmac('sha256', key).update(previousHash).update(chainBytes(entry)).digest();
