import type { EntityManager } from 'typeorm';
import type { PersonKind } from '../contracts/notifications.js';
import { fullUntil } from './domain/budget.js';
import { quietUntil } from './domain/quiet-hours.js';
import { lockBudget, readGathering, readQuietHours, readSpent } from './store/budget.js';
import { selectRules } from './store/notification-rules.js';

/** Until when a message has to wait: for the end of quiet hours, or for room in the person's budget. Null sends it now. */
export async function heldUntil(tx: EntityManager, personId: string, kind: PersonKind): Promise<Date | null> {
  await lockBudget(tx, personId);
  const rules = await selectRules(tx);
  const spent = await readSpent(tx, personId, rules.windowMinutes);
  const now = Date.now();
  const all = spent.map(({ at }) => at.getTime());
  const ofKind = spent.filter((one) => one.kind === kind || one.kind === 'digest').map(({ at }) => at.getTime());
  const until = Math.max(
    fullUntil(now, ofKind, all, rules) ?? 0,
    quietUntil(now, await readQuietHours(tx, personId)) ?? 0,
  );
  return until > now ? new Date(until) : null;
}

/**
 * How long critical messages are gathered after one that went out, in seconds: an attack that gets into many accounts at once is told of
 * at once, and then with all names in one message instead of as many.
 */
const GATHER_SECONDS = 120;

/** Until when a critical message waits for others; null where none went out just before. Neither budget nor quiet hours hold it. */
export async function gatheredUntil(tx: EntityManager, personId: string): Promise<Date | null> {
  await lockBudget(tx, personId);
  return readGathering(tx, personId, GATHER_SECONDS);
}
