import type { DataSource } from 'typeorm';

/** Reads what the installation is called and in which time zone it lives. */
export class ReadInstallation {
  constructor(private readonly database: DataSource) {}

  async read(): Promise<{ name: string; timeZone: string }> {
    const [row] = await this.database.query<{ name: string; timeZone: string }[]>(
      'SELECT organisation AS name, time_zone AS "timeZone" FROM installation',
    );
    if (!row) throw new Error('The installation row is missing.');
    return row;
  }
}
