import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { SmsGateway, SmsGatewayChange, SmsGatewayView } from '../contracts/sms.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Reach } from '../platform/outgoing.js';
import type { Seal } from '../platform/seal.js';
import { faultsOf } from './domain/sms-request.js';
import { gatewaySecretPlace } from './read-gateway.js';
import { countTexts, deleteGateway, type GatewayRow, readGatewayRow, writeGateway } from './store/sms-gateway.js';

/** Messages a day before an administrator says otherwise. */
const PER_DAY_DEFAULT = 500;

/** Shows, sets and removes the way that codes by SMS leave. */
export class ChangeSmsGateway {
  constructor(
    private readonly database: DataSource,
    private readonly seal: Seal,
    private readonly audit: AppendAudit,
    private readonly reach: Reach,
  ) {}

  async read(): Promise<SmsGatewayView> {
    const row = await readGatewayRow(this.database);
    return {
      gateway: row?.gateway ?? null,
      prefixes: row?.prefixes ?? [],
      perDay: row?.perDay ?? PER_DAY_DEFAULT,
      sentToday: await countTexts(this.database),
      changedAt: row?.changedAt.toISOString() ?? null,
    };
  }

  /** @throws Refusal `invalid_request` with the fields that are wrong, or `secret` where it has to be typed again */
  async change(caller: PersonCaller, change: SmsGatewayChange, ip: string): Promise<SmsGatewayView> {
    this.requireSendable(change.gateway);
    await this.database.transaction(async (tx) => {
      const former = await readGatewayRow(tx, true);
      const { gateway, prefixes, perDay, secret } = change;
      const sealed = secret === undefined ? keptSecret(former, gateway) : this.seal.close(secret, gatewaySecretPlace);
      await writeGateway(tx, { gateway, sealed, prefixes, perDay });
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'sms_gateway.changed',
        target: { kind: 'policy', id: null },
        detail: {
          before: former ? settingsText(former) : null,
          after: settingsText({ gateway, prefixes, perDay }),
          key: secret === undefined ? 'kept' : 'new',
        },
        ip,
      });
    });
    return this.read();
  }

  /** Codes by SMS can't be sent any more; who has nothing else uses backup codes. @throws Refusal `not_found` */
  async remove(caller: PersonCaller, ip: string): Promise<SmsGatewayView> {
    await this.database.transaction(async (tx) => {
      const former = await readGatewayRow(tx, true);
      if (!former || !(await deleteGateway(tx))) throw new Refusal('not_found');
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'sms_gateway.removed',
        target: { kind: 'policy', id: null },
        detail: { before: settingsText(former), after: null },
        ip,
      });
    });
    return this.read();
  }

  private requireSendable(gateway: SmsGateway): void {
    const errors = faultsOf(gateway);
    if (new URL(gateway.url).protocol !== 'https:' && !this.reach.privateAllowed)
      errors.push({ path: 'gateway.url', message: 'begins with https://' });
    if (errors.length > 0) throw new Refusal('invalid_request', { errors });
  }
}

/** A key stays only where it goes to the same server: otherwise whoever may change the address could have it sent to themselves. */
function keptSecret(former: GatewayRow | undefined, gateway: SmsGateway): string {
  const same =
    former?.gateway.form === gateway.form && new URL(former.gateway.url).origin === new URL(gateway.url).origin;
  if (former && same) return former.sealed;
  throw new Refusal('invalid_request', {
    errors: [{ path: 'secret', message: 'has to be typed for a new gateway or address' }],
  });
}

/** What the audit log keeps of before and after: no header, path or body, in which somebody may have put a key in clear. */
function settingsText({
  gateway,
  prefixes,
  perDay,
}: Omit<GatewayRow, 'sealed' | 'changedAt'>): Record<string, string | number> {
  const account = gateway.form === 'twilio' ? { accountSid: gateway.accountSid, from: gateway.from } : {};
  return { form: gateway.form, server: new URL(gateway.url).origin, ...account, prefixes: prefixes.join(', '), perDay };
}
