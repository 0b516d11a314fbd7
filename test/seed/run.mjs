// `npm run seed -- --attempts 10000000 --people 20000`: fills the empty installation at DATABASE_URL for measurements. It refuses
// one that is in use. `--days 90` spreads the attempts over so many days, `--seed 1` makes another company.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { build } from '../../server/cli/build.mjs';
import { compiled, INSTALLED_PARTS } from '../support/installation.mjs';
import { fill } from './fill.mjs';

const { values: asked } = parseArgs({
  options: {
    attempts: { type: 'string', default: '1000000' },
    people: { type: 'string', default: '20000' },
    days: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
  },
});
const say = (line) => console.error(line);

async function main() {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) throw new Error('Set DATABASE_URL to the database of an empty installation.');
  await build({ say, only: INSTALLED_PARTS });
  const { createDataSource } = await compiled('server/platform/database/data-source.js');
  const { migrate } = await compiled('server/platform/database/migrate.js');
  const { RETENTION_DAYS_DEFAULT } = await compiled('server/platform/config.js');
  const database = await createDataSource(databaseUrl, 2).initialize();
  await migrate(database, RETENTION_DAYS_DEFAULT);
  await database.destroy();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const numbers = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, Number(value)]));
    await fill(client, { ...numbers, say });
  } finally {
    await client.end();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
