import type { DataSource } from 'typeorm';
import type { Scope } from '../contracts/applications.js';
import { equalInConstantTime, sha256 } from '../platform/crypto.js';
import { parseKey } from './domain/key.js';

export type CheckedKey = {
  keyId: string;
  applicationId: string;
  applicationName: string;
  applicationKind: string;
  scopes: Scope[];
};

/** How long a key may be believed without asking again, in milliseconds: the longest time a revoked key goes on recording. */
const TRUST_MS = 1_000;
/** Most keys remembered; keys are made by administrators, so this is never reached by an attacker. */
const REMEMBERED_MAX = 1_000;
/** `last_used_at` is only this exact, in milliseconds, so that a busy key doesn't write a row each second. */
const LAST_USED_EVERY_MS = 60_000;

type Row = CheckedKey & { secretHash: Buffer };
type Remembered = { row: Row; until: number; noted: number };

/** Checks application keys. Unlike sessions they may be remembered for a second: recording asks thousands of times in one. */
export class CheckKey {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly database: DataSource,
    private readonly now: () => number,
  ) {}

  /** Gives what the key may do, or undefined when it is wrong, ended or expired. */
  async check(text: string): Promise<CheckedKey | undefined> {
    const parsed = parseKey(text);
    if (!parsed) return undefined;
    const known = this.remembered.get(parsed.publicId);
    const row = known && known.until > this.now() ? known.row : await this.load(parsed.publicId);
    if (!row || !equalInConstantTime(sha256(parsed.secret), row.secretHash)) return undefined;
    return row;
  }

  private async load(publicId: string): Promise<Row | undefined> {
    const [row] = await this.database.query<Row[]>(activeKey, [publicId]);
    const before = this.remembered.get(publicId);
    this.remembered.delete(publicId);
    if (!row) return undefined;
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.clear();
    const noted = before && before.noted > this.now() - LAST_USED_EVERY_MS ? before.noted : this.now();
    this.remembered.set(publicId, { row, until: this.now() + TRUST_MS, noted });
    if (noted !== before?.noted)
      await this.database.query('UPDATE application_keys SET last_used_at = now() WHERE id = $1', [row.keyId]);
    return row;
  }
}

const activeKey = `
  SELECT k.id AS "keyId", k.application_id AS "applicationId", a.name AS "applicationName", a.kind AS "applicationKind", k.scopes,
    k.secret_hash AS "secretHash"
  FROM application_keys k JOIN applications a ON a.id = k.application_id
  WHERE k.public_id = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`;
