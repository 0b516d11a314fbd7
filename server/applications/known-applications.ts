import type { DataSource } from 'typeorm';

type Known = { name: string; kind: string };

/** Names and kinds of applications, asked once each: neither ever changes. */
export class KnownApplications {
  private readonly known = new Map<string, Known>();

  constructor(private readonly database: DataSource) {}

  /** Makes sure that these are known. One that was removed meanwhile stays unknown. */
  async refresh(ids: Iterable<string>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.known.has(id));
    if (missing.length === 0) return;
    const rows = await this.database.query<(Known & { id: string })[]>(
      'SELECT id, name, kind FROM applications WHERE id = ANY($1)',
      [missing],
    );
    for (const { id, name, kind } of rows) this.known.set(id, { name, kind });
  }

  nameOf(id: string): string {
    return this.known.get(id)?.name ?? 'Removed application';
  }

  /** Invented, by the simulated company or by a drill: nobody real is concerned, nobody is told. */
  isSimulated(id: string): boolean {
    return this.known.get(id)?.kind === 'simulated' || this.isDrill(id);
  }

  isDrill(id: string): boolean {
    return this.known.get(id)?.kind === 'drill';
  }
}
