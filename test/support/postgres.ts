import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export type TestDatabase = {
  /** For DATABASE_URL. */
  url: string;
  /** Removes the database, also while somebody is still connected to it. */
  drop: () => Promise<void>;
};

/** A fresh, empty database in the PostgreSQL of this test run; every spec file takes one of its own. */
export const emptyDatabase = (): Promise<TestDatabase> => newDatabase('template1');

/** The same with the schema of today, copied from one that was migrated at the beginning of the run. */
export const migratedDatabase = (): Promise<TestDatabase> => newDatabase('test_template');

async function newDatabase(template: 'template1' | 'test_template'): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdministrator(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdministrator(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

function serverUrl(): string {
  const url = process.env['GATEHOUSE_TEST_DATABASE_URL'];
  if (url === undefined)
    throw new Error('This spec needs PostgreSQL: it belongs into test/integration or test/browser.');
  return url;
}

async function asAdministrator(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
