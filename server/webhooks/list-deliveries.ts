import type { DataSource } from 'typeorm';
import type { Page } from '../contracts/paging.js';
import type { WebhookDelivery, WebhookDeliveryQuery } from '../contracts/webhooks.js';
import type { Cursors } from '../platform/paging.js';
import { aboutOf, severityOf } from './domain/write-event.js';
import { type DeliveryRow, readDeliveries } from './store/deliveries.js';

/** Shows what was told to the target, and what became of it. */
export class ListDeliveries {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  async list(query: WebhookDeliveryQuery): Promise<Page<WebhookDelivery>> {
    const position = this.cursors.decode('webhook', query.cursor);
    const after = position && { at: String(position[0]), id: String(position[1]) };
    const rows = await readDeliveries(this.database, after, query.limit + 1);
    const page = this.cursors.page('webhook', rows, query.limit, (row) => [row.position, row.id]);
    return { items: page.items.map(toDelivery), nextCursor: page.nextCursor };
  }
}

const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  id: row.id,
  type: row.payload.type,
  about: aboutOf(row.payload),
  severity: severityOf(row.payload),
  state: stateOf(row),
  tries: row.tries,
  lastError: row.lastError,
  createdAt: row.createdAt.toISOString(),
  deliveredAt: row.sentAt?.toISOString() ?? null,
  nextTryAt: row.nextTryAt?.toISOString() ?? null,
});

function stateOf({ state, lastError }: DeliveryRow): WebhookDelivery['state'] {
  if (state === 'sent') return 'delivered';
  if (state === 'queued') return lastError === null ? 'waiting' : 'retrying';
  return state;
}
