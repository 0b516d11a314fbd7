import type { AlertChange, AlertStatus } from '../../contracts/alerts.js';

/** The legal moves: from where an action may be taken, and where it leads. */
const moves: Record<
  AlertChange['action'],
  { from: readonly AlertStatus[]; to: AlertStatus; event: 'taken' | 'resolved' | 'reopened' }
> = {
  take: { from: ['new', 'in_progress'], to: 'in_progress', event: 'taken' },
  resolve: { from: ['new', 'in_progress'], to: 'resolved', event: 'resolved' },
  reopen: { from: ['resolved'], to: 'in_progress', event: 'reopened' },
};

/** Where an action leads, or undefined when it isn't possible now. */
export function transition(
  status: AlertStatus,
  action: AlertChange['action'],
): { to: AlertStatus; event: 'taken' | 'resolved' | 'reopened' } | undefined {
  const move = moves[action];
  return move.from.includes(status) ? move : undefined;
}
