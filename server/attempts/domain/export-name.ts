import type { AttemptFilter } from '../../contracts/attempts.js';

/** A value in a file's name is cut at this length. */
const VALUE_MAX = 40;

/**
 * Names what was exported, so that the file still says it in a year: `attempts-failure-PT-20261124T140000Z-20261124T141000Z.csv`.
 * Letters, digits and a few signs only, whatever the filter holds. Without an end of the stretch of time that is `now`.
 */
export function exportName({ from, to, ...filter }: AttemptFilter, now: Date): string {
  const values = Object.values(filter).map((value) => safe(String(value)));
  const stretch = [...(from === undefined ? [] : [from]), to ?? now.toISOString()];
  return `${['attempts', ...values, ...stretch.map(stamp)].join('-')}.csv`;
}

const safe = (value: string): string =>
  value
    .replace(/[^\p{L}\p{N}.@]+/gu, '_')
    .replace(/[^\x20-\x7e]+/g, '_')
    .slice(0, VALUE_MAX);
const stamp = (at: string): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
