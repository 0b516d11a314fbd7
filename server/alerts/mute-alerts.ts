import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import { type AlertMute, MUTE_DAYS, type MuteQuery } from '../contracts/alerts.js';
import type { Page } from '../contracts/paging.js';
import { Refusal } from '../platform/errors.js';
import type { Cursors } from '../platform/paging.js';
import type { Analyst } from './change-alert.js';
import { muteScope } from './domain/mute-scope.js';
import { addEvents } from './store/move-alerts.js';
import { deleteMute, insertMute, listMutes, type MuteRow, readMutable } from './store/mutes.js';

/**
 * What is not alerted on again for a person. It is narrow on purpose: one kind of alert, one person, the networks that the alert
 * came from. Scores, decisions and critical alerts are never kept quiet.
 */
export class MuteAlerts {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
    private readonly audit: AppendAudit,
  ) {}

  /**
   * Mutes what of these alerts is about one person.
   * @throws Refusal `illegal_transition` where that is none of them
   */
  async mute(tx: EntityManager, alertIds: readonly string[], reason: string, by: Analyst): Promise<void> {
    let muted = 0;
    for (const alertId of alertIds) if (await this.muteOne(tx, alertId, reason, by)) muted += 1;
    if (muted === 0)
      throw new Refusal('illegal_transition', { detail: 'It is not about one person and named sources.' });
  }

  private async muteOne(tx: EntityManager, alertId: string, reason: string, by: Analyst): Promise<boolean> {
    const about = await readMutable(tx, alertId);
    const scope = about && muteScope(about.evidence);
    if (!about || !scope) return false;
    const id = randomUUID();
    const { personId, kind } = about;
    await insertMute(tx, { ...scope, id, personId, kind, reason, alertId, by: by.personId, days: MUTE_DAYS });
    const note = `${about.person}, ${scope.sources.join(', ')}, ${MUTE_DAYS} days`;
    await addEvents(tx, [alertId], { event: 'muted', by: by.personId, note });
    await this.audit.append(tx, {
      actor: { kind: 'person', id: by.personId, name: by.name },
      action: 'alert_mute.added',
      target: { kind: 'alert_mute', id },
      detail: { person: about.person, kind, sources: scope.sources, days: MUTE_DAYS, reason },
      ip: by.ip,
    });
    return true;
  }

  async list({ person, cursor, limit }: MuteQuery): Promise<Page<AlertMute>> {
    const position = this.cursors.decode('mutes', cursor);
    const after = position && { at: String(position[0]), id: String(position[1]) };
    const rows = await listMutes(this.database, { person: person ?? null, after, limit: limit + 1 });
    const page = this.cursors.page('mutes', rows, limit, (row) => [row.position, row.id]);
    return { items: page.items.map(toView), nextCursor: page.nextCursor };
  }

  /** @throws Refusal `not_found` */
  async lift(id: string, by: Analyst): Promise<void> {
    await this.database.transaction(async (tx) => {
      const lifted = await deleteMute(tx, id);
      if (!lifted) throw new Refusal('not_found');
      await this.audit.append(tx, {
        actor: { kind: 'person', id: by.personId, name: by.name },
        action: 'alert_mute.removed',
        target: { kind: 'alert_mute', id },
        detail: { personId: lifted.personId, kind: lifted.kind, sources: lifted.sources },
        ip: by.ip,
      });
    });
  }
}

const toView = (row: MuteRow): AlertMute => ({
  id: row.id,
  kind: row.kind,
  person: { id: row.person_id, name: row.person_name },
  sources: row.sources,
  reason: row.reason,
  by: row.by,
  alert: row.alert_id === null ? null : { id: row.alert_id, number: `A-${row.alert_number}` },
  createdAt: row.created_at.toISOString(),
  until: row.until.toISOString(),
  keptQuiet: row.kept_quiet,
  lastAt: row.last_at?.toISOString() ?? null,
});
