import type { ActivityRow } from '../../contracts/activity.js';
import { csvLine } from '../../platform/csv.js';

const head = [
  'occurred_at',
  'outcome',
  'reason',
  'factor',
  'application',
  'ip',
  'organisation',
  'country',
  'city',
  'device',
  'os',
  'browser',
  'answer',
];

/** The own attempts as CSV text, a page at a time. */
export async function* activityAsCsv(pages: AsyncIterable<ActivityRow[]>): AsyncGenerator<string> {
  yield csvLine(head);
  for await (const page of pages) yield page.map(lineOf).join('');
}

const lineOf = (row: ActivityRow): string =>
  csvLine([
    row.occurredAt,
    row.outcome,
    row.reason,
    row.factor,
    row.application.name,
    row.ip,
    row.network.organisation,
    row.place?.country,
    row.place?.city,
    row.client.device,
    row.client.os,
    row.client.browser,
    row.answer,
  ]);
