import type { DataSource } from 'typeorm';

/** Refusals kept for the page that waits for a first attempt. */
const KEPT = 50;
/** Refusals noted a second at most: somebody who hammers us with wrong keys must not make us write. */
const NOTED_A_SECOND = 2;

/** Remembers the last requests that came with no key or a wrong one, as that is what goes wrong first when connecting. */
export class NoteRefusal {
  private second = 0;
  private noted = 0;

  constructor(
    private readonly database: DataSource,
    private readonly now: () => number,
  ) {}

  async note(ip: string, code: string): Promise<void> {
    const second = Math.floor(this.now() / 1000);
    if (second !== this.second) [this.second, this.noted] = [second, 0];
    if (++this.noted > NOTED_A_SECOND) return;
    await this.database.query('INSERT INTO refused_requests (ip, code) VALUES ($1, $2)', [ip, code]);
    await this.database.query('DELETE FROM refused_requests WHERE id <= (SELECT max(id) FROM refused_requests) - $1', [
      KEPT,
    ]);
  }
}
