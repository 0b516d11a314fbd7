import type { AuditEntry } from '../../contracts/operations.js';
import { csvLine } from '../../platform/csv.js';

const head = ['number', 'at', 'actor_kind', 'actor', 'action', 'target_kind', 'target_id', 'detail', 'ip'];

/** Audit entries as CSV text; what differs between before and after stays together as JSON in `detail`. */
export async function* auditAsCsv(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  yield csvLine(head);
  for await (const page of pages) yield page.map(lineOf).join('');
}

const lineOf = ({ sequence, at, actor, action, target, detail, ip }: AuditEntry): string =>
  csvLine([sequence, at, actor.kind, actor.name, action, target.kind, target.id, JSON.stringify(detail), ip]);
