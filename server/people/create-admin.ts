import type { DataSource, EntityManager } from 'typeorm';
import { PASSWORD_MIN } from '../contracts/authentication.js';
import { type Actor, type AppendAudit } from '../audit/append-audit.js';
import type { HashPassword } from '../authentication/hash-password.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { PersonEntity } from './store/person.entity.js';
import { planChanges, toWanted } from './plan-changes.js';
import { storeChanges } from './store/people.js';

export type NewAdmin = { email: string; name: string; password: string };

/** Two set-ups at once must not make two first admins; the number only has to be ours. */
const FIRST_ADMIN_LOCK = 7_203_313;

/** Creates administrators from the terminal, the environment or the first-run page. */
export class CreateAdmin {
  constructor(
    private readonly database: DataSource,
    private readonly passwords: HashPassword,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `weak_password` with the reason, `already_exists` */
  async create(admin: NewAdmin, by: Actor): Promise<string> {
    const hash = await this.hashed(admin, []);
    return this.database.transaction((tx) => this.insert(tx, admin, hash, by));
  }

  /**
   * Creates the first admin and finishes set-up, once.
   * @returns the person's id
   * @throws Refusal `already_set_up`
   */
  async createFirst(
    admin: NewAdmin,
    installation: { organisation: string; timeZone: string },
    by: Actor,
  ): Promise<string> {
    const hash = await this.hashed(admin, [installation.organisation]);
    return this.database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [FIRST_ADMIN_LOCK]);
      if (await isSetUp(tx)) throw new Refusal('already_set_up');
      await tx.query('UPDATE installation SET organisation = $1, time_zone = $2, set_up_at = now()', [
        installation.organisation,
        installation.timeZone,
      ]);
      return this.insert(tx, admin, hash, by);
    });
  }

  /** @throws Refusal `weak_password` with the reason, before anything is created */
  requireStrongPassword(admin: NewAdmin): void {
    this.passwords.requireStrong(admin.password, demandsOn(admin, []));
  }

  private hashed(admin: NewAdmin, words: readonly string[]): Promise<string> {
    return this.passwords.hashNew(admin.password, demandsOn(admin, words));
  }

  /** Whether a first administrator was made. */
  isSetUp(): Promise<boolean> {
    return isSetUp(this.database);
  }

  private async insert(tx: EntityManager, admin: NewAdmin, passwordHash: string, by: Actor): Promise<string> {
    const wanted = toWanted({ email: admin.email, name: admin.name, role: 'admin' });
    const plan = await planChanges(tx, [wanted], { simulated: false, sparesStaff: false });
    const [change] = plan;
    if (change?.kind !== 'added')
      throw new Refusal('already_exists', { detail: `${admin.email} is somebody already.` });
    const { id } = change;
    await storeChanges(tx, plan);
    await notify(tx, 'people_changed', {});
    await tx.update(PersonEntity, { id }, { passwordHash, passwordChangedAt: () => 'now()' });
    await this.audit.append(tx, {
      actor: by,
      action: 'admin.created',
      target: { kind: 'person', id },
      detail: { email: admin.email, name: admin.name },
    });
    return id;
  }
}

function demandsOn({ name, email }: NewAdmin, words: readonly string[]): { minimum: number; words: string[] } {
  return { minimum: PASSWORD_MIN, words: [name, email, email.split('@')[0] ?? '', ...words] };
}

/**
 * Whether a first administrator was made. Until then the set-up link works, and never again, whatever becomes of that
 * administrator: old terminals still show the link.
 */
export async function isSetUp(database: DataSource | EntityManager): Promise<boolean> {
  const [row] = await database.query<{ done: boolean }[]>('SELECT set_up_at IS NOT NULL AS done FROM installation');
  return row?.done ?? false;
}
