import type { DataSource } from 'typeorm';
import { normaliseSubject } from '../platform/subject.js';

/** A person as far as judging an attempt needs it. */
export type MatchedPerson = { id: string; name: string; simulated: boolean };

/** Most subjects remembered, known and unknown ones together; the oldest are forgotten first. */
const REMEMBERED_MAX = 50_000;
/** How long an answer is believed, in milliseconds; changes made through Gatehouse clear it at once. */
const TRUST_MS = 30_000;

type Answer = { person: MatchedPerson | null; until: number };
type Row = {
  value: string;
  kind: 'email' | 'username' | 'application';
  application_id: string;
  id: string;
  name: string;
  simulated: boolean;
};

/** Finds whom a subject means: by e-mail, else by user name, else by an id that the application itself gave. */
export class MatchSubjects {
  private readonly answers = new Map<string, Answer>();

  constructor(
    private readonly database: DataSource,
    private readonly now: () => number,
  ) {}

  /** Forgets everything, after people changed. */
  forget(): void {
    this.answers.clear();
  }

  /** Answers in the order of the question; null where nobody is known by that name. */
  async match(subjects: readonly { applicationId: string; subject: string }[]): Promise<(MatchedPerson | null)[]> {
    const keys = subjects.map(({ applicationId, subject }) => `${applicationId} ${normaliseSubject(subject)}`);
    const unknown = new Set(keys.filter((key) => !((this.answers.get(key)?.until ?? 0) > this.now())));
    if (unknown.size > 0) await this.load([...unknown]);
    return keys.map((key) => this.answers.get(key)?.person ?? null);
  }

  private async load(keys: string[]): Promise<void> {
    const values = [...new Set(keys.map((key) => key.slice(37)))];
    const rows = await this.database.query<Row[]>(
      `SELECT i.value, i.kind, i.application_id, p.id, p.name, p.simulated FROM person_identifiers i JOIN people p ON p.id = i.person_id WHERE i.value = ANY($1)`,
      [values],
    );
    const byValue = groupByValue(rows);
    const until = this.now() + TRUST_MS;
    for (const key of keys) {
      if (this.answers.size >= REMEMBERED_MAX) this.answers.delete(this.answers.keys().next().value as string);
      this.answers.set(key, { person: choose(byValue.get(key.slice(37)) ?? [], key.slice(0, 36)), until });
    }
  }
}

function choose(rows: readonly Row[], applicationId: string): MatchedPerson | null {
  const row =
    rows.find(({ kind }) => kind === 'email') ??
    rows.find(({ kind }) => kind === 'username') ??
    rows.find((each) => each.kind === 'application' && each.application_id === applicationId);
  return row ? { id: row.id, name: row.name, simulated: row.simulated } : null;
}

function groupByValue(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.value);
    if (group) group.push(row);
    else groups.set(row.value, [row]);
  }
  return groups;
}
