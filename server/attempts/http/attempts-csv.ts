import { csvLine } from '../../platform/csv.js';
import type { SearchAttempts } from '../search-attempts.js';

const head = [
  'occurred_at',
  'outcome',
  'reason',
  'subject',
  'person',
  'application',
  'ip',
  'asn',
  'organisation',
  'network',
  'country',
  'city',
  'device',
  'os',
  'browser',
  'factor',
  'risk',
  'level',
  'signals',
  'session_id',
  'correlation_id',
  'id',
];

/** Attempts as CSV text, a page at a time, so that an export of a year needs no more memory than one of a day. */
export async function* attemptsAsCsv(pages: ReturnType<SearchAttempts['stream']>): AsyncGenerator<string> {
  yield csvLine(head);
  for await (const page of pages) {
    yield page
      .map((row) =>
        csvLine([
          row.occurred_at.toISOString(),
          row.outcome,
          row.reason,
          row.subject,
          row.person_name,
          row.application_name,
          row.ip,
          row.asn,
          row.organisation,
          row.network_kind,
          row.country,
          row.city,
          row.device,
          row.os,
          row.browser,
          row.factor,
          row.score,
          row.level,
          (row.signals ?? []).map((signal) => signal.kind).join(' '),
          row.session_id,
          row.correlation_id,
          row.id,
        ]),
      )
      .join('');
  }
}
