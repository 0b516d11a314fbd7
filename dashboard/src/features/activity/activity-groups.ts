import type { ActivityRow } from '../../api/types.js';

/** One line of the list: an attempt, or failures without a break between them as one. */
export type ActivityLine =
  | { kind: 'one'; key: string; row: ActivityRow }
  | { kind: 'run'; key: string; rows: ActivityRow[]; justBeforeSignIn: boolean };
export type ActivityDay = { key: string; at: string; lines: ActivityLine[] };

/** Failures that end this long before a sign-in belong to it, in milliseconds. */
const JUST_BEFORE_MS = 10 * 60_000;

const isFailed = ({ outcome }: ActivityRow): boolean => outcome === 'failure' || outcome === 'blocked';

/**
 * Attempts by day, as they are shown: newest first, runs of failures collapsed. A single failure stays a line of its own.
 * @param dayOf names the day of an instant in the reader's zone
 */
export function byDay(rows: readonly ActivityRow[], dayOf: (at: string) => string): ActivityDay[] {
  const days: ActivityDay[] = [];
  for (const row of rows) {
    const key = dayOf(row.occurredAt);
    let day = days.at(-1);
    if (day?.key !== key) days.push((day = { key, at: row.occurredAt, lines: [] }));
    addTo(day, row);
  }
  return days;
}

function addTo({ lines }: ActivityDay, row: ActivityRow): void {
  const last = lines.at(-1);
  if (isFailed(row) && last?.kind === 'run') {
    last.rows.push(row);
  } else if (isFailed(row) && last?.kind === 'one' && isFailed(last.row)) {
    const justBeforeSignIn = endsInSignIn(lines.at(-2), last.row);
    lines[lines.length - 1] = { kind: 'run', key: last.key, rows: [last.row, row], justBeforeSignIn };
  } else {
    lines.push({ kind: 'one', key: row.id, row });
  }
}

function endsInSignIn(above: ActivityLine | undefined, newest: ActivityRow): boolean {
  if (above?.kind !== 'one' || above.row.outcome !== 'success') return false;
  return Date.parse(above.row.occurredAt) - Date.parse(newest.occurredAt) < JUST_BEFORE_MS;
}
