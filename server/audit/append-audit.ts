import { createHmac } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { atCommit } from '../platform/database/at-commit.js';
import { type ChainedEntry, chainBytes } from './domain/chain.js';

/** Who acted: a person or key as checked by the guard, with the address of the request, or the program itself. */
export type Actor = { kind: 'person' | 'key' | 'system' | 'cli'; id: string | null; name: string; ip?: string };

/** One thing that was done. `detail` must hold no secret: it is shown to auditors. */
export type AuditEntryInput = {
  actor: Actor;
  action: string;
  target: { kind: string; id: string | null };
  detail?: Record<string, unknown>;
  /** Where it came from, unless the actor says so. */
  ip?: string | null;
};

/** Serialises writers of the chain, so that each entry follows exactly one other. */
const CHAIN_LOCK = 7_203_312;

export const systemActor: Actor = { kind: 'system', id: null, name: 'Gatehouse' };
export const cliActor: Actor = { kind: 'cli', id: null, name: 'Command line' };

/**
 * Appends to the audit chain inside the transaction of the act itself: if this fails, the act fails. The chain has one writer at a time,
 * so it is written at the very end: whatever rows acts lock, and in whatever order, none waits for one while it holds the chain.
 */
export class AppendAudit {
  private readonly due = new WeakMap<EntityManager, AuditEntryInput[]>();

  constructor(private readonly chainKey: Buffer) {}

  append(tx: EntityManager, input: AuditEntryInput): Promise<void> {
    return this.appendAll(tx, [input]);
  }

  /** Several acts of one transaction, each with an entry of its own, in this order. */
  async appendAll(tx: EntityManager, inputs: readonly AuditEntryInput[]): Promise<void> {
    if (inputs.length === 0) return;
    const due = this.due.get(tx);
    if (due) due.push(...inputs);
    else {
      const all = [...inputs];
      if (atCommit(tx, () => this.write(tx, all))) this.due.set(tx, all);
      else await this.write(tx, all);
    }
  }

  private async write(tx: EntityManager, inputs: readonly AuditEntryInput[]): Promise<void> {
    this.due.delete(tx);
    await tx.query('SELECT pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
    const [last] = await tx.query<{ sequence: string; hash: Buffer }[]>(
      'SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1',
    );
    const [clock] = await tx.query<{ now: string }[]>(
      'SELECT to_char(clock_timestamp() AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\') AS now',
    );
    const at = clock?.now ?? new Date().toISOString();
    let previous = { sequence: Number(last?.sequence ?? 0), hash: last?.hash ?? Buffer.alloc(32) };
    const rows = inputs.map((input) => {
      const entry = entryOf(input, previous.sequence + 1, at);
      const hash = hashEntry(this.chainKey, entry, previous.hash);
      const row = { ...entry, previousHash: previous.hash.toString('hex'), hash: hash.toString('hex') };
      previous = { sequence: entry.sequence, hash };
      return row;
    });
    await tx.query(insertEntries, [JSON.stringify(rows)]);
  }
}

const insertEntries = `
  INSERT INTO audit_entries (sequence, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, detail, ip, previous_hash, hash)
  SELECT sequence, at, "actorKind", "actorId", "actorName", action, "targetKind", "targetId", detail::jsonb, ip, decode("previousHash", 'hex'), decode(hash, 'hex')
  FROM jsonb_to_recordset($1::jsonb) AS entry (sequence bigint, at timestamptz, "actorKind" text, "actorId" uuid, "actorName" text, action text,
    "targetKind" text, "targetId" text, detail text, ip inet, "previousHash" text, hash text)`;

const entryOf = (input: AuditEntryInput, sequence: number, at: string): ChainedEntry => ({
  sequence,
  at,
  actorKind: input.actor.kind,
  actorId: input.actor.id,
  actorName: input.actor.name,
  action: input.action,
  targetKind: input.target.kind,
  targetId: input.target.id,
  detail: JSON.stringify(input.detail ?? {}),
  ip: input.ip ?? input.actor.ip ?? null,
});

/** HMAC-SHA-256 over the entry and its forerunner's hash; the key is outside the database, so a dump can't be re-chained. */
export const hashEntry = (key: Buffer, entry: ChainedEntry, previousHash: Buffer): Buffer =>
  createHmac('sha256', key).update(previousHash).update(chainBytes(entry)).digest();
