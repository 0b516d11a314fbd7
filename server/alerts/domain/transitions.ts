import type { AlertChange, AlertDetail, AlertStatus } from '../../contracts/alerts.js';

/** Alerts that need nobody any more. */
const over = ['resolved', 'closed'] as const satisfies readonly AlertStatus[];
const open = ['new', 'in_progress', 'on_hold'] as const satisfies readonly AlertStatus[];

export const isOver = (status: AlertStatus): boolean => (over as readonly AlertStatus[]).includes(status);
/** The same in SQL, word by word as the index of open alerts says it. */
export const IS_OPEN = `status NOT IN ('resolved', 'closed')`;

export type AlertMove = {
  from: readonly AlertStatus[];
  /** Null where the status stays. */
  to: AlertStatus | null;
  event: AlertDetail['history'][number]['kind'];
};

/** The legal moves: from where an action may be taken, and where it leads. The verdict is no part of it. */
const moves: Record<AlertChange['action'], AlertMove> = {
  take: { from: open, to: 'in_progress', event: 'taken' },
  assign: { from: open, to: 'in_progress', event: 'assigned' },
  hold: { from: open, to: 'on_hold', event: 'held' },
  return: { from: ['on_hold'], to: 'in_progress', event: 'returned' },
  resolve: { from: open, to: 'resolved', event: 'resolved' },
  close: { from: ['resolved'], to: 'closed', event: 'closed' },
  reopen: { from: over, to: 'in_progress', event: 'reopened' },
  note: { from: [...open, ...over], to: null, event: 'noted' },
};

/** Where an action leads, or undefined when it isn't possible now. */
export function transition(status: AlertStatus, action: AlertChange['action']): AlertMove | undefined {
  const move = moves[action];
  return move.from.includes(status) ? move : undefined;
}
