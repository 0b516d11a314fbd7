import type { DataSource } from 'typeorm';
import type { ChainCheck } from '../contracts/operations.js';
import type { KeyRing } from '../platform/key-ring.js';
import type { ChainedEntry } from './domain/chain.js';
import { hashEntry } from './append-audit.js';

const PAGE = 1_000;

/**
 * Recomputes the whole chain, each entry with the secret of its time, as far as that is still known. Cutting off its end is not seen from inside: compare `entries` with an
 * outside record.
 */
export async function verifyChain(database: DataSource, ring: KeyRing): Promise<ChainCheck> {
  let previousHash: Buffer = Buffer.alloc(32);
  let checked = 0;
  for (;;) {
    const rows = await database.query<(Omit<ChainedEntry, 'sequence'> & { sequence: string; hash: Buffer })[]>(
      nextEntries,
      [checked, PAGE],
    );
    for (const { hash, ...entry } of rows) {
      const sequence = Number(entry.sequence);
      const fits = ring.some((key) => hashEntry(key, { ...entry, sequence }, previousHash).equals(hash));
      if (sequence !== checked + 1 || !fits) return { entries: checked, brokenAt: checked + 1 };
      previousHash = hash;
      checked = sequence;
    }
    if (rows.length < PAGE) return { entries: checked, brokenAt: null };
  }
}

/** The same for a screen. */
export class VerifyChain {
  constructor(
    private readonly database: DataSource,
    private readonly ring: KeyRing,
  ) {}

  verify(): Promise<ChainCheck> {
    return verifyChain(this.database, this.ring);
  }
}

const nextEntries = `
  SELECT sequence, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, actor_kind AS "actorKind", actor_id AS "actorId",
    actor_name AS "actorName", action, target_kind AS "targetKind", target_id AS "targetId", detail::text AS detail, host(ip) AS ip, hash
  FROM audit_entries WHERE sequence > $1 ORDER BY sequence LIMIT $2`;
