import type { AttemptRow } from '../../api/types.js';
import { isGap, type AttemptFeed } from '../../live/attempt-feed.js';
import { rowValue, type FilterField } from '../../live/filters.js';
import { clientName, levelWords, networkName, outcomeWords } from '../../ui/naming.js';
import { placeOf, reasonWords } from './attempt-words.js';
import { columns } from './columns.js';

/** What a value is filtered by, in the words of the address bar. */
export type Found = { field: FilterField; value: string };

/** What a cell of this row can be filtered by; null where it can't. */
export function cellFilter(row: AttemptRow, column: number): Found | null {
  for (const field of columns[column]?.filters ?? []) {
    const value = rowValue(row, field);
    if (value !== null) return { field, value };
  }
  return null;
}

/** How many of the most frequent values are named. */
const TOP = 5;

export type TopValue = Found & { text: string; count: number };

/** The most frequent values of a column among the attempts that the page holds, and how many it holds. */
export function topValues(
  feed: Pick<AttemptFeed, 'length' | 'line'>,
  column: number,
): { values: TopValue[]; of: number } {
  const counted = new Map<string, TopValue>();
  let of = 0;
  for (let position = 0; position < feed.length; position += 1) {
    const line = feed.line(position);
    if (!line || isGap(line)) continue;
    of += 1;
    const found = cellFilter(line, column);
    if (!found) continue;
    const key = `${found.field} ${found.value}`;
    const known = counted.get(key);
    if (known) known.count += 1;
    else counted.set(key, { ...found, text: cellText(line, column), count: 1 });
  }
  return { values: [...counted.values()].sort((a, b) => b.count - a.count).slice(0, TOP), of };
}

/** The text of a cell, as it is copied. */
export function cellText(row: AttemptRow, column: number): string {
  const texts = [
    row.occurredAt,
    outcomeWords[row.outcome],
    row.person?.name ?? row.subject,
    row.ip,
    networkName(row.network),
    placeOf(row),
    clientName(row.client),
    row.application.name,
    row.reason === null ? '' : reasonWords(row.reason),
    `${levelWords[row.level]} ${row.score}`,
  ];
  return texts[column] ?? '';
}
