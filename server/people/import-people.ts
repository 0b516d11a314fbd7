import type { DataSource, EntityManager } from 'typeorm';
import type { ImportPreview, ImportRow } from '../contracts/people.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import { normaliseSubject } from '../platform/subject.js';
import type { CarryOutChanges, ChangeOrigin } from './carry-out-changes.js';
import type { PersonFacts, PlannedChange, PlanRefusal } from './domain/plan-people.js';
import { type FileRow, readPeopleFile } from './domain/read-people-file.js';
import { planChanges } from './plan-changes.js';

/** What a file would do: a plan for the lines that were understood, and the reasons for the others. */
type Plan = { lines: { line: number; email: string; change?: PlannedChange; refusal?: PlanRefusal }[] };

/** Adds and updates people by a file: first shown, then done exactly as shown. */
export class ImportPeople {
  constructor(
    private readonly database: DataSource,
    private readonly changes: CarryOutChanges,
  ) {}

  /** What the file would change; changes nothing. @throws Refusal `invalid_request` with the line where it can't be read */
  async preview(csv: string): Promise<ImportPreview> {
    const rows = understood(csv);
    return this.database.transaction(async (tx) => toPreview(await plan(tx, rows)));
  }

  /**
   * Does what the preview of this fingerprint showed, all of it.
   * @throws Refusal `conflict` when people were changed since, `invalid_request` when lines were refused
   */
  async apply(csv: string, fingerprint: string, origin: ChangeOrigin): Promise<ImportPreview> {
    const rows = understood(csv);
    return this.database.transaction(async (tx) => {
      const planned = await plan(tx, rows);
      const preview = toPreview(planned);
      if (preview.fingerprint !== fingerprint)
        throw new Refusal('conflict', { detail: 'People were changed since this was shown. Look at it again.' });
      const errors = preview.rows.flatMap(({ line, error }) =>
        error === null ? [] : [{ path: `line ${line}`, message: error }],
      );
      if (errors.length > 0) throw new Refusal('invalid_request', { errors: errors.slice(0, 20) });
      const changes = planned.lines.flatMap(({ change }) => (change ? [change] : []));
      await this.changes.carryOut(tx, changes, origin);
      return preview;
    });
  }
}

function understood(csv: string): FileRow[] {
  const file = readPeopleFile(csv, normaliseSubject);
  if ('rows' in file) return file.rows;
  throw new Refusal('invalid_request', {
    detail: `Line ${file.line}: ${file.message}`,
    errors: [{ path: 'csv', message: `Line ${file.line}: ${file.message}` }],
  });
}

async function plan(tx: EntityManager, rows: readonly FileRow[]): Promise<Plan> {
  const wanted = rows.flatMap((row) => ('wanted' in row ? [row.wanted] : []));
  const changes = (await planChanges(tx, wanted, { simulated: false, sparesStaff: false })).values();
  const lines = rows.map((row): Plan['lines'][number] => {
    const { line, email } = row;
    if ('refusal' in row) return { line, email, refusal: row.refusal };
    const change = changes.next().value as PlannedChange;
    return { line, email, change, ...(change.refusal === undefined ? {} : { refusal: change.refusal }) };
  });
  return { lines };
}

function toPreview({ lines }: Plan): ImportPreview {
  const rows = lines.map(({ line, email, change, refusal }): ImportRow => ({
    line,
    email,
    name: change?.name ?? '',
    kind: change?.kind ?? 'refused',
    changes: change && change.kind !== 'refused' ? fieldsOf(change) : [],
    error: refusal?.message ?? null,
  }));
  const counted = (kind: ImportRow['kind']): number => rows.filter((row) => row.kind === kind).length;
  return {
    added: counted('added'),
    changed: counted('changed'),
    unchanged: counted('unchanged'),
    refused: counted('refused'),
    fingerprint: sha256(JSON.stringify(rows)).toString('base64url'),
    // What stays as it is needs no reading.
    rows: rows.filter(({ kind }) => kind !== 'unchanged'),
  };
}

const fieldsOf = ({ before, after }: PlannedChange): ImportRow['changes'] =>
  (Object.keys(after) as (keyof PersonFacts)[])
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
    .filter(({ before: former, after: now }) => former !== null || now !== null);
