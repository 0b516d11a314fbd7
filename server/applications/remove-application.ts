import type { DataSource, EntityManager } from 'typeorm';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import { forgetIncidents } from '../incidents/forget-incidents.js';
import { notify } from '../platform/database/listener.js';
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
   * The keys end first, so that nothing new comes in; then attempts go in chunks, and all the rest with the audit entry at once:
   * repeating it after an interruption finishes it, and the entry still counts everything that was there.
   * @throws Refusal `not_found`, `forbidden` for Gatehouse itself
   */
  async remove(id: string, by: Actor): Promise<void> {
    const application = await this.database.getRepository(ApplicationEntity).findOneBy({ id });
    if (!application) throw new Refusal('not_found');
    if (application.kind === 'gatehouse')
      throw new Refusal('forbidden', { detail: "Gatehouse's own sign-in can't be removed." });
    await this.database.query(
      'UPDATE application_keys SET revoked_at = now() WHERE application_id = $1 AND revoked_at IS NULL',
      [id],
    );
    await this.removeAttempts(id);
    await this.database.transaction(async (tx) => {
      const before = await removeRecords(tx, application);
      await this.audit.append(tx, {
        actor: by,
        action: 'application.removed',
        target: { kind: 'application', id },
        detail: { name: application.name, before, after: null },
      });
    });
  }

  private async removeAttempts(applicationId: string): Promise<void> {
    for (;;) {
      const [, removed] = await this.database.query<[unknown, number]>(
        `DELETE FROM attempts WHERE (occurred_at, id) IN (SELECT occurred_at, id FROM attempts WHERE application_id = $1 LIMIT ${CHUNK})`,
        [applicationId],
      );
      if (removed < CHUNK) return;
    }
  }
}

/** What an application was and how much went with it, as the audit log keeps it. */
type RemovedApplication = { name: string; kind: string; keys: number; attempts: number; alerts: number };

/** @throws Refusal `not_found` when somebody else has just removed it */
async function removeRecords(tx: EntityManager, { id, name, kind }: ApplicationEntity): Promise<RemovedApplication> {
  const removedBy = async (sql: string): Promise<number> => (await tx.query<[unknown, number]>(sql, [id]))[1];
  const [counted] = await tx.query<{ attempts: number }[]>(
    'SELECT coalesce(sum(attempts), 0)::int AS attempts FROM attempt_hours WHERE application_id = $1',
    [id],
  );
  const alerts = await removedBy('DELETE FROM alerts WHERE application_id = $1');
  if (alerts > 0) await notify(tx, 'alerts_removed', {});
  await forgetIncidents(tx);
  await removedBy('DELETE FROM attempt_hours WHERE application_id = $1');
  await removedBy('DELETE FROM attempt_minutes WHERE application_id = $1');
  await removedBy('DELETE FROM attempt_tallies WHERE application_id = $1');
  await removedBy("DELETE FROM profiles WHERE subject_key LIKE $1 || ':%'");
  const keys = await removedBy('DELETE FROM application_keys WHERE application_id = $1');
  if ((await removedBy('DELETE FROM applications WHERE id = $1')) === 0) throw new Refusal('not_found');
  return { name, kind, keys, attempts: counted?.attempts ?? 0, alerts };
}
