import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { WebhookTestResult } from '../contracts/webhooks.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Limit, Limits } from '../platform/limits.js';
import type { CarryEvent } from './carry-event.js';
import { readTarget } from './store/target.js';

const TESTS: Limit = { name: 'webhook:test', points: 20, seconds: 3_600, blockSeconds: 0 };

/** Sends one message past the outbox, so that the administrator sees at once what the receiver answers. */
export class SendTestEvent {
  constructor(
    private readonly database: DataSource,
    private readonly carrier: CarryEvent,
    private readonly limiter: Limits,
    private readonly audit: AppendAudit,
  ) {}

  /** Also to a target that is off. @throws Refusal `not_found`, `too_many_tries` */
  async send(caller: PersonCaller, ip: string): Promise<WebhookTestResult> {
    const target = await readTarget(this.database);
    if (!target) throw new Refusal('not_found');
    await this.limiter.take(TESTS, caller.personId);
    const by = caller.name;
    const timestamp = new Date().toISOString();
    const receipt = await this.carrier.carry(target, randomUUID(), {
      type: 'test',
      version: 1,
      timestamp,
      data: { by },
    });
    const taken = receipt.outcome === 'sent';
    await this.database.transaction((tx) =>
      this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'webhook.tested',
        target: { kind: 'policy', id: null },
        detail: { server: new URL(target.url).origin, taken },
        ip,
      }),
    );
    return { taken, answer: taken ? 'The receiver took it.' : receipt.error };
  }
}
