import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { BACKUP_CODE_LENGTH, BACKUP_CODES } from '../contracts/factors.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import { backupCodeOf, written } from './domain/backup-code.js';
import { isTwoStep } from './domain/required-factors.js';
import { findAccountById } from './find-account.js';
import type { HashPassword } from './hash-password.js';
import type { NoteFactorChange } from './note-factor-change.js';
import type { Origin } from './open-session.js';
import {
  insertAuthenticator,
  listAuthenticators,
  markConfirmed,
  removeAuthenticators,
} from './store/authenticators.js';
import { insertBackupCodes } from './store/backup-codes.js';
import { lockFactors } from './store/lock-person.js';

/** A set that isn't stored yet; `codes` is the only place that ever holds it in the clear. */
export type BackupCodeSet = { codes: string[]; salt: Buffer; hashes: Buffer[]; pepperId: string };

const SALT_BYTES = 16;

/** Ten codes, each good for one sign-in without the device. Stored as slow hashes under one salt a set (SP 800-63B-4 §3.1.2.2). */
export class BackupCodes {
  constructor(
    private readonly database: DataSource,
    private readonly hashing: HashPassword,
    private readonly changes: NoteFactorChange,
  ) {}

  /** Makes a set. It takes as long as ten sign-ins, so it isn't done inside a transaction. */
  async make(): Promise<BackupCodeSet> {
    const salt = randomBytes(SALT_BYTES);
    const codes = new Set<string>();
    while (codes.size < BACKUP_CODES) codes.add(backupCodeOf(randomBytes(BACKUP_CODE_LENGTH)));
    const hashes: Buffer[] = [];
    for (const code of codes) hashes.push(await this.hashing.digest(code, salt));
    return { codes: [...codes].map(written), salt, hashes, pepperId: this.hashing.pepperId };
  }

  /** Puts a set in the place of the former one, whose codes are void from the commit on. The caller holds the person's lock. */
  async replace(tx: EntityManager, personId: string, { salt, hashes, pepperId }: BackupCodeSet): Promise<void> {
    const former = (await listAuthenticators(tx, personId)).filter(({ kind }) => kind === 'backup_codes');
    await removeAuthenticators(
      tx,
      personId,
      former.map(({ id }) => id),
    );
    const id = randomUUID();
    await insertAuthenticator(tx, { id, personId, kind: 'backup_codes', name: 'Backup codes', salt, pepperId });
    await insertBackupCodes(tx, id, hashes);
  }

  /**
   * Makes a new set.
   * @returns the codes, to be shown once
   * @throws Refusal `illegal_transition` when two-step sign-in is off
   */
  async regenerate(caller: PersonCaller, origin: Origin): Promise<string[]> {
    const made = await this.make();
    await this.database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      if (!isTwoStep(await findAccountById(tx, caller.personId))) throw new Refusal('illegal_transition');
      await this.replace(tx, caller.personId, made);
      await this.changes.note(tx, caller, { action: 'backup_codes.made', codes: made.codes.length }, origin);
    });
    return made.codes;
  }

  /** The person says that the codes are in a safe place. */
  async acknowledge(caller: PersonCaller): Promise<void> {
    const codes = (await listAuthenticators(this.database, caller.personId)).find(
      ({ kind }) => kind === 'backup_codes',
    );
    if (codes) await markConfirmed(this.database, codes.id);
  }
}
