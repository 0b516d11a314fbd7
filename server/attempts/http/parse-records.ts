import { unreadable } from '../domain/accept.js';
import { BATCH_MAX, NDJSON_LINES_MAX } from '../../contracts/attempts.js';
import { Refusal } from '../../platform/errors.js';

/**
 * Turns a request body into records: NDJSON lines, a JSON array, or one JSON object.
 * @throws Refusal `body_too_large` for too many records, `invalid_json` when a JSON body can't be read
 */
export function parseRecords(contentType: string, body: string): unknown[] {
  if (contentType.startsWith('application/x-ndjson')) return parseLines(body);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal('invalid_json');
  }
  if (!Array.isArray(value)) return [value];
  if (value.length > BATCH_MAX)
    throw new Refusal('body_too_large', { detail: `An array may hold ${BATCH_MAX} attempts; send NDJSON for more.` });
  return value;
}

function parseLines(body: string): unknown[] {
  // Windows programs begin a file with a byte order mark.
  const lines = body
    .replace(/^\ufeff/, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length > NDJSON_LINES_MAX)
    throw new Refusal('body_too_large', { detail: `One request may hold ${NDJSON_LINES_MAX} lines.` });
  return lines.map((line) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      return unreadable;
    }
  });
}
