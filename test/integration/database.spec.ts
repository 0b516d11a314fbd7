import type { DataSource } from 'typeorm';
import { AppendAudit, systemActor } from '../../server/audit/append-audit.js';
import { verifyChain } from '../../server/audit/verify-chain.js';
import { createDataSource } from '../../server/platform/database/data-source.js';
import { migrate } from '../../server/platform/database/migrate.js';
import { freshDatabase } from '../support/postgres.js';

const key = Buffer.alloc(32, 7);

describe('the database', () => {
  let database: DataSource;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const fresh = await freshDatabase();
    drop = fresh.drop;
    database = await createDataSource(fresh.url, 10).initialize();
    await migrate(database);
  }, 60_000);
  afterAll(async () => {
    await database.destroy();
    await drop();
  });

  it('goes down and up again to the same schema', async () => {
    const before = await columns(database);
    for (const _ of database.migrations) await database.undoLastMigration();
    expect((await columns(database)).filter((column) => !column.startsWith('migrations.'))).toEqual([]);
    await migrate(database);
    expect(await columns(database)).toEqual(before);
    expect(before).toContain('sessions.token_hash bytea');
  }, 60_000);

  it('keeps one audit chain under many writers, and sees every change to it', async () => {
    const audit = new AppendAudit(key);
    const entry = (number: number) => ({
      actor: systemActor,
      action: 'test.done',
      target: { kind: 'test', id: String(number) },
      detail: { b: number, a: 'x' },
    });
    await Promise.all(
      Array.from({ length: 60 }, (_, number) => database.transaction((tx) => audit.append(tx, entry(number)))),
    );
    expect(await verifyChain(database, key)).toEqual({ entries: 60, brokenAt: null });
    await database.query("UPDATE audit_entries SET action = 'test.forged' WHERE sequence = 30");
    expect(await verifyChain(database, key)).toEqual({ entries: 29, brokenAt: 30 });
    await database.query("UPDATE audit_entries SET action = 'test.done' WHERE sequence = 30");
    await database.query('DELETE FROM audit_entries WHERE sequence = 10');
    expect(await verifyChain(database, key)).toEqual({ entries: 9, brokenAt: 10 });
  }, 60_000);
});

const columns = async (database: DataSource): Promise<string[]> => {
  const rows = await database.query<{ line: string }[]>(
    `SELECT table_name || '.' || column_name || ' ' || data_type AS line FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
};
