import type { SmsGateway } from '../../contracts/sms.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type GatewayRow = {
  gateway: SmsGateway;
  sealed: string;
  prefixes: string[];
  perDay: number;
  changedAt: Date;
};

/** The gateway, if there is one. @param lock makes those who read it so come one after the other */
export async function readGatewayRow(database: Queryable, lock = false): Promise<GatewayRow | undefined> {
  const [row] = await database.query<GatewayRow[]>(
    `SELECT settings AS gateway, sealed, prefixes, per_day AS "perDay", changed_at AS "changedAt" FROM sms_gateway${lock ? ' FOR UPDATE' : ''}`,
  );
  return row;
}

export async function writeGateway(tx: Queryable, row: Omit<GatewayRow, 'changedAt'>): Promise<void> {
  await tx.query(
    `INSERT INTO sms_gateway (settings, sealed, prefixes, per_day) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET settings = $1, sealed = $2, prefixes = $3, per_day = $4, changed_at = now()`,
    [row.gateway, row.sealed, row.prefixes, row.perDay],
  );
}

/** Puts another seal of the same key in the place of a former one, unless that is no longer there. */
export async function replaceSealed(database: Queryable, { from, to }: { from: string; to: string }): Promise<void> {
  await database.query('UPDATE sms_gateway SET sealed = $2 WHERE sealed = $1', [from, to]);
}

/** @returns whether there was one */
export async function deleteGateway(tx: Queryable): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>('DELETE FROM sms_gateway');
  return hit === 1;
}

/** Codes by SMS in the last 24 hours, also those that are still on their way. */
export async function countTexts(database: Queryable): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM notifications WHERE kind = 'sign_in_code_by_sms' AND created_at > now() - interval '24 hours'`,
  );
  return row?.count ?? 0;
}
