import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import {
  CRITICAL_LINKS_MAX,
  DIGEST_LINKS_MAX,
  type PersonKind,
  type NotificationPayload,
} from '../contracts/notifications.js';
import type { Seal } from '../platform/seal.js';
import { quietUntil } from './domain/quiet-hours.js';
import { type NotifyPerson, placeOf } from './notify-person.js';
import {
  type HeldFor,
  type HeldRow,
  holdUntil,
  letGo,
  lockBudget,
  markDigested,
  nextHeldFor,
  readHeldFor,
  readQuietHours,
} from './store/budget.js';

/** Ends the waiting of held messages: one by itself goes out as it is, several become one digest with exact counts. */
export class ReleaseHeld {
  constructor(
    private readonly database: DataSource,
    private readonly notifications: NotifyPerson,
    private readonly seal: Seal,
  ) {}

  /** One transaction a person: what a digest counts and what leaves the queue is the same set of rows. */
  async run(): Promise<void> {
    while (await this.database.transaction((tx) => this.release(tx)));
  }

  /** @returns whether somebody's messages were due */
  private async release(tx: EntityManager): Promise<boolean> {
    const due = await nextHeldFor(tx);
    if (due === undefined) return false;
    await lockBudget(tx, due.personId);
    const held = await readHeldFor(tx, due);
    const quiet = due.critical ? null : quietUntil(Date.now(), await readQuietHours(tx, due.personId));
    const events = [...new Map(held.map((row) => [row.dedupKey, row])).values()];
    if (quiet !== null) await holdUntil(tx, due, new Date(quiet));
    else if (events.length === 1) await letGo(tx, due);
    else if (events.length > 1) await this.digest(tx, due, held, events);
    return true;
  }

  private async digest(
    tx: EntityManager,
    { personId, critical }: HeldFor,
    held: readonly HeldRow[],
    events: readonly HeldRow[],
  ): Promise<void> {
    const id = randomUUID();
    const linked = events.filter(({ sealed }) => sealed !== null);
    const listed = linked.slice(-(critical ? CRITICAL_LINKS_MAX : DIGEST_LINKS_MAX));
    await this.notifications.notify(tx, personId, {
      kind: 'digest',
      payload: { counts: countsOf(events), links: listed.map(linkOf), critical },
      secret: JSON.stringify(listed.map((row) => this.seal.open(row.sealed ?? '', placeOf(row.id)))),
      dedupKey: `digest:${id}`,
      budget: critical ? 'gathered' : 'spends',
    });
    await markDigested(
      tx,
      held.map((row) => row.id),
      id,
    );
  }
}

function countsOf(events: readonly HeldRow[]): NotificationPayload<'digest'>['counts'] {
  const counts = new Map<PersonKind, number>();
  for (const { kind } of events) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

function linkOf({ payload }: HeldRow): NotificationPayload<'digest'>['links'][number] {
  const { person, alert } = payload as NotificationPayload<'manager_warning'>;
  return { person, alert };
}
