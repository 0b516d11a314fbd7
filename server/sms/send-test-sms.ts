import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { SmsTestResult } from '../contracts/sms.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Limit, Limits } from '../platform/limits.js';
import { requireAllowed } from './admit-sms.js';
import type { CarrySms } from './carry-sms.js';
import { coveredNumber } from './covered-number.js';
import { readGatewayRow } from './store/sms-gateway.js';

const TESTS: Limit = { name: 'sms:test', points: 10, seconds: 3_600, blockSeconds: 0 };

/** Sends one message past the outbox, so that the administrator sees at once what the gateway answers. */
export class SendTestSms {
  constructor(
    private readonly database: DataSource,
    private readonly carrier: CarrySms,
    private readonly limiter: Limits,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `sms_unavailable`, `number_not_allowed`, `too_many_tries` */
  async send(caller: PersonCaller, to: string, ip: string): Promise<SmsTestResult> {
    requireAllowed(await readGatewayRow(this.database), to);
    await this.limiter.take(TESTS, caller.personId);
    const delivery = await this.carrier.carry({ to, text: 'This is a test message of Gatehouse.' });
    const taken = delivery.outcome === 'sent';
    const answer = taken ? 'The gateway took it. Look at the phone.' : delivery.error;
    await this.database.transaction((tx) =>
      this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'sms_gateway.tested',
        target: { kind: 'policy', id: null },
        detail: { number: coveredNumber(to), taken },
        ip,
      }),
    );
    return { taken, answer };
  }
}
