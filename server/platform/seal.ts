import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type KeyRing, keyId } from './key-ring.js';

/** A sealed value that can't be opened: another key, another place, or changed by somebody. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const VERSION = 'v1';
/** NIST SP 800-38D §8.2.2: 96 random bits; safe for 2^32 values under one key, far beyond any company's secrets. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a value lives. It is authenticated with the value, so that a secret copied into another row does not open there. */
export type Place = { table: string; column: string; owner: string; purpose: string };

/** Encrypts secrets that must be read again, with AES-256-GCM; the key is outside the database. Form: `v1|keyId|nonce|ciphertext|tag`. */
export class Seal {
  /** Names the key that values are sealed with. */
  readonly keyId: string;
  private readonly current: Buffer;
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor(ring: KeyRing) {
    [this.current] = ring;
    this.keyId = keyId(this.current);
    this.keys = new Map(ring.map((key) => [keyId(key), key]));
  }

  /** Names of all keys that open something. */
  knownKeys(): string[] {
    return [...this.keys.keys()];
  }

  close(plain: string, place: Place): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current, nonce).setAAD(addressOf(place));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return [VERSION, this.keyId, ...[nonce, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(
      '|',
    );
  }

  /** @throws SealError */
  open(sealed: string, place: Place): string {
    const [version, madeWith = '', ...parts] = sealed.split('|');
    const [nonce, text, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
    if (version !== VERSION || !nonce || !text || tag?.length !== TAG_BYTES)
      throw new SealError('A sealed value is damaged.');
    const key = this.keys.get(madeWith);
    if (!key) throw new SealError('A sealed value was made with another key.');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(addressOf(place)).setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new SealError('A sealed value does not open.', { cause: error });
    }
  }
}

const addressOf = ({ table, column, owner, purpose }: Place): Buffer =>
  Buffer.from([table, column, owner, purpose].join('|'));
