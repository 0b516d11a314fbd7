import type { DataSource } from 'typeorm';
import { notify } from '../platform/database/listener.js';
import { addEvents, lockForChange } from './store/move-alerts.js';

/** Alerts that come back in one go at most; the next look takes the others. */
const MOST = 200;

/** Brings back what was put off and whose time has come by the clock of the database, whichever worker looks first. */
export class ReturnHeld {
  constructor(private readonly database: DataSource) {}

  async run(): Promise<void> {
    const due = await this.database.query<{ id: string; early: boolean }[]>(
      `SELECT id, false AS early FROM alerts WHERE status = 'on_hold' AND held_until <= now()
       UNION ALL SELECT t.id, true FROM alerts t JOIN alerts m ON m.merged_into = t.id WHERE t.status = 'on_hold' AND m.status IN ('new', 'in_progress')
       LIMIT ${MOST}`,
    );
    for (const { id, early } of due) await this.bringBack(id, early);
  }

  /** @param early because one that was merged into it has new evidence */
  private bringBack(id: string, early: boolean): Promise<void> {
    return this.database.transaction(async (tx) => {
      const party = await lockForChange(tx, id);
      const [back] = await tx.query<[{ id: string }[], number]>(
        `UPDATE alerts SET status = CASE WHEN assignee_id IS NULL THEN 'new' ELSE 'in_progress' END, held_until = NULL, held_attempts = NULL
         WHERE id = ANY($1) AND status = 'on_hold' AND ($2 OR held_until <= now()) RETURNING id`,
        [party?.ids ?? [], early],
      );
      const ids = back.map((row) => row.id);
      await addEvents(tx, ids, { event: 'returned', by: null, note: early ? 'New evidence' : null });
      for (const alertId of ids) await notify(tx, 'alert_changed', { alertId });
    });
  }
}
