import type { AlertStatus } from '../../contracts/alerts.js';

const done: Record<string, string> = {
  taken: 'took this',
  assigned: 'assigned this',
  held: 'put this off',
  returned: 'took this back',
  resolved: 'resolved this',
  closed: 'closed this',
  reopened: 'reopened this',
  contained: 'contained this',
};

/** What somebody reads who was a moment too late, e.g. `Ana resolved this 4 s ago.` */
export function sayTooLate(
  last: { kind: string; by: string | null; seconds: number } | undefined,
  { status, number }: { status: AlertStatus; number: string },
): string {
  const words = last && done[last.kind];
  if (!last || words === undefined) return `${number} is ${status.replace('_', ' ')}.`;
  return `${last.by ?? 'Gatehouse'} ${words} ${sayAge(last.seconds)} ago.`;
}

/** @param seconds since it happened */
export function sayAge(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
