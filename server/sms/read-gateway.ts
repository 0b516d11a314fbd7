import type { SmsGateway } from '../contracts/sms.js';
import type { Queryable } from '../platform/database/data-source.js';
import type { Place, Seal } from '../platform/seal.js';
import { readGatewayRow, replaceSealed } from './store/sms-gateway.js';

/** Where the key of the gateway lies. */
export const gatewaySecretPlace: Place = { table: 'sms_gateway', column: 'sealed', owner: '1', purpose: 'sms' };

/** Whether codes by SMS can be sent at all. */
export const hasSmsGateway = async (database: Queryable): Promise<boolean> =>
  (await readGatewayRow(database)) !== undefined;

/** The gateway with its key, if there is one. @throws SealError */
export async function readGateway(
  database: Queryable,
  seal: Seal,
): Promise<{ gateway: SmsGateway; secret: string } | undefined> {
  const row = await readGatewayRow(database);
  return row && { gateway: row.gateway, secret: seal.open(row.sealed, gatewaySecretPlace) };
}

/** Seals the key anew where it was sealed with a former secret, so that this one can be removed. */
export async function renewGatewaySeal(database: Queryable, seal: Seal): Promise<void> {
  const row = await readGatewayRow(database);
  if (!row || row.sealed.split('|')[1] === seal.keyId) return;
  const secret = seal.open(row.sealed, gatewaySecretPlace);
  await replaceSealed(database, { from: row.sealed, to: seal.close(secret, gatewaySecretPlace) });
}
