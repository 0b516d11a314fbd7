import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, hashRaw, verify } from '@node-rs/argon2';
import { Refusal } from '../platform/errors.js';
import { isCommonPassword } from './common-passwords.js';
import { passwordWeakness } from './domain/password-rules.js';

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. About 30 hashes a second on two cores. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes in the works at once; more would only make each slower. */
const PARALLEL = availableParallelism();
/** Callers that may wait for a place; the next one is told to come back. */
const WAITING_MAX = 32;

/** Fewest characters, and the words of account and organisation that a password must not be made of. */
type PasswordDemands = { minimum: number; words: readonly string[] };

/** Names the pepper in a stored hash, so that it can be changed without asking everyone for a new password. */
const PEPPER_ID = 'p1';

/**
 * Hashes and checks passwords. The pepper (HMAC-SHA-256, its key outside the database) makes a stolen table useless by itself.
 * At most {@link PARALLEL} hashes run and {@link WAITING_MAX} wait: hashing must not become a way to stop the server.
 */
export class HashPassword {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Checked for unknown people, so that they take as long as known ones. */
  private readonly dummy: Promise<string>;

  constructor(private readonly pepper: Buffer) {
    this.dummy = this.hash('a password that nobody has');
    this.dummy.catch(() => {});
  }

  /** Resolves when the first check will take no longer than any other. */
  async ready(): Promise<void> {
    await this.dummy;
  }

  /**
   * Hashes a password that somebody chose.
   * @throws Refusal `weak_password` with the reason; `unavailable` when too many wait
   */
  async hashNew(password: string, demands: PasswordDemands): Promise<string> {
    this.requireStrong(password, demands);
    return this.hash(password);
  }

  /** @throws Refusal `weak_password` with the reason */
  requireStrong(password: string, demands: PasswordDemands): void {
    const weakness = passwordWeakness(password, { ...demands, isCommon: isCommonPassword });
    if (weakness !== undefined)
      throw new Refusal('weak_password', { errors: [{ path: 'password', message: weakness }] });
  }

  private async hash(password: string): Promise<string> {
    return this.inTurn(async () => `${PEPPER_ID}:${await hash(this.peppered(password), ARGON2ID)}`);
  }

  /**
   * Tells whether the password belongs to the stored hash; takes as long when there is none.
   * @throws Refusal `unavailable` when too many wait
   */
  async matches(password: string, stored: string | null): Promise<boolean> {
    const against = stored ?? (await this.dummy);
    const [pepperId, phc] = [against.slice(0, PEPPER_ID.length), against.slice(PEPPER_ID.length + 1)];
    if (pepperId !== PEPPER_ID) throw new Error(`A password hash names the unknown pepper ${pepperId}.`);
    const right = await this.inTurn(() => verify(phc, this.peppered(password)));
    return right && stored !== null;
  }

  /**
   * Hashes a short secret under a given salt, to be looked up by what comes out: for secrets of which a person holds several.
   * @throws Refusal `unavailable` when too many wait
   */
  async digest(secret: string, salt: Buffer): Promise<Buffer> {
    return this.inTurn(() => hashRaw(this.peppered(secret), { ...ARGON2ID, salt }));
  }

  private peppered(password: string): string {
    // NFC, as the same password may be typed as composed or decomposed characters (SP 800-63B-4 §3.1.1.2).
    return createHmac('sha256', this.pepper).update(password.normalize('NFC')).digest('base64');
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= PARALLEL) {
      if (this.waiting.length >= WAITING_MAX) throw new Refusal('unavailable', { retryAfter: 2 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      // The place is handed on, so `running` stays as it is while somebody waits.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
