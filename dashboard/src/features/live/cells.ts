import type { AttemptRow } from '../../api/types.js';
import { rowValue, type FilterField } from '../../live/filters.js';
import { clientName, levelWords, networkName, outcomeWords } from '../../ui/naming.js';
import { placeOf, reasonWords } from './attempt-words.js';
import { columns } from './columns.js';

/** What a cell of this row can be filtered by; null where it can't. */
export function cellFilter(row: AttemptRow, column: number): { field: FilterField; value: string } | null {
  for (const field of columns[column]?.filters ?? []) {
    const value = rowValue(row, field);
    if (value !== null) return { field, value };
  }
  return null;
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
