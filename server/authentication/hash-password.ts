import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, hashRaw, verify } from '@node-rs/argon2';
import { Refusal } from '../platform/errors.js';
import { type KeyRing, keyId } from '../platform/key-ring.js';
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

/** What hashes name as their pepper that were made before peppers had names: the oldest secret. */
const NAMELESS = 'p1';

/**
 * Hashes and checks passwords. The pepper (HMAC-SHA-256, its key outside the database) makes a stolen table useless by itself.
 * At most {@link PARALLEL} hashes run and {@link WAITING_MAX} wait: hashing must not become a way to stop the server.
 */
export class HashPassword {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Checked for unknown people, so that they take as long as known ones. */
  private readonly dummy: Promise<string>;

  /** Names the pepper in what is hashed from now on; the secret can be changed without asking everyone for a new password. */
  readonly pepperId: string;
  private readonly peppers: ReadonlyMap<string, Buffer>;

  constructor(ring: KeyRing) {
    this.pepperId = keyId(ring[0]);
    const oldest = ring.at(-1) ?? ring[0];
    this.peppers = new Map([[NAMELESS, oldest], ...ring.map((key) => [keyId(key), key] as const)]);
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

  /**
   * Hashes a password that is not new: whether it is a good one was asked when it was.
   * @throws Refusal `unavailable` when too many wait
   */
  async hash(password: string): Promise<string> {
    return this.inTurn(async () => `${this.pepperId}:${await hash(this.peppered(password), ARGON2ID)}`);
  }

  /** Whether a stored hash was made with the current pepper. */
  isCurrent(stored: string): boolean {
    return pepperIdOf(stored) === this.pepperId;
  }

  /** Names of all peppers that can be checked against. */
  knownPeppers(): string[] {
    return [...this.peppers.keys()];
  }

  /**
   * Tells whether the password belongs to the stored hash; takes as long when there is none, or one of a secret that is not known.
   * @param ahead goes before all that wait, and is never sent away: for devices of their owners, while others try passwords
   * @throws Refusal `unavailable` when too many wait
   */
  async matches(password: string, stored: string | null, ahead = false): Promise<boolean> {
    const isCheckable = stored !== null && this.peppers.has(pepperIdOf(stored));
    const against = isCheckable ? stored : await this.dummy;
    const pepperId = pepperIdOf(against);
    const phc = against.slice(pepperId.length + 1);
    const right = await this.inTurn(() => verify(phc, this.peppered(password, pepperId)), ahead);
    return right && isCheckable;
  }

  /**
   * Hashes a short secret under a given salt, to be looked up by what comes out: for secrets of which a person holds several.
   * @throws Refusal `unavailable` when too many wait
   */
  async digest(secret: string, salt: Buffer, pepperId = this.pepperId): Promise<Buffer> {
    return this.inTurn(() => hashRaw(this.peppered(secret, pepperId), { ...ARGON2ID, salt }));
  }

  private peppered(password: string, pepperId = this.pepperId): string {
    const pepper = this.peppers.get(pepperId);
    if (!pepper) throw new Error(`A hash names the pepper ${pepperId}, which no known secret gives.`);
    // NFC, as the same password may be typed as composed or decomposed characters (SP 800-63B-4 §3.1.1.2).
    return createHmac('sha256', pepper).update(password.normalize('NFC')).digest('base64');
  }

  private async inTurn<T>(work: () => Promise<T>, ahead = false): Promise<T> {
    if (this.running >= PARALLEL) {
      if (!ahead && this.waiting.length >= WAITING_MAX) throw new Refusal('unavailable', { retryAfter: 2 });
      await new Promise<void>((resolve) => (ahead ? this.waiting.unshift(resolve) : this.waiting.push(resolve)));
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

/** A stored hash is the name of its pepper, a colon, and a PHC string. */
const pepperIdOf = (stored: string): string => stored.slice(0, stored.indexOf(':'));
