import type { DataSource } from 'typeorm';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import { Refusal } from '../platform/errors.js';
import { ApplicationEntity } from './store/application.entity.js';

/** Attempts removed in one transaction: few enough that others don't wait long. */
const CHUNK = 10_000;

/** Removes an application with everything it reported. */
export class RemoveApplication {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /**
   * The keys end first, so that nothing new comes in; then alerts and attempts go. Repeating it after an interruption finishes it.
   * @throws Refusal `not_found`, `forbidden` for Gatehouse itself
   */
  async remove(id: string, by: Actor): Promise<void> {
    const application = await this.database.getRepository(ApplicationEntity).findOneBy({ id });
    if (!application) throw new Refusal('not_found');
    if (application.kind === 'gatehouse')
      throw new Refusal('forbidden', { detail: "Gatehouse's own sign-in can't be removed." });
    const keys = await this.removed('DELETE FROM application_keys WHERE application_id = $1', id);
    const alerts = await this.removed('DELETE FROM alerts WHERE application_id = $1', id);
    const attempts = await this.removeAttempts(id);
    await this.removed("DELETE FROM profiles WHERE subject_key LIKE $1 || ':%'", id);
    await this.database.transaction(async (tx) => {
      await tx.query('DELETE FROM attempt_hours WHERE application_id = $1', [id]);
      await tx.delete(ApplicationEntity, { id });
      await this.audit.append(tx, {
        actor: by,
        action: 'application.removed',
        target: { kind: 'application', id },
        detail: { name: application.name, keys, attempts, alerts },
      });
    });
  }

  /** @returns how many */
  private async removeAttempts(applicationId: string): Promise<number> {
    const chunk = `SELECT occurred_at, id FROM attempts WHERE application_id = $1 LIMIT ${CHUNK}`;
    for (let total = 0; ;) {
      const removed = await this.removed(`DELETE FROM attempts WHERE (occurred_at, id) IN (${chunk})`, applicationId);
      total += removed;
      if (removed < CHUNK) return total;
    }
  }

  /** @returns how many rows are gone */
  private async removed(statement: string, applicationId: string): Promise<number> {
    const [, rows] = await this.database.query<[unknown, number]>(statement, [applicationId]);
    return rows;
  }
}
