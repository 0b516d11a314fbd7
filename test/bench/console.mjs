// `npm run bench:console`: how long the console's queries take with many attempts stored. It fills an installation of its own
// (`--attempts 1000000 --people 20000`), asks everything that the console asks as an administrator, and prints the 95th percentile
// of each; `-- --json` prints one JSON object and nothing else on standard output.
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { fill } from '../seed/fill.mjs';
import { INSTALLED_PARTS } from '../support/installation.mjs';
import { withInstallation } from '../support/with-installation.mjs';
import { consoleQueries } from './console-queries.mjs';
import { Sessions } from './signed-in.mjs';
import { percentile, round } from './statistics.mjs';

const { values: asked } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    attempts: { type: 'string', default: '1000000' },
    people: { type: 'string', default: '20000' },
    days: { type: 'string', default: '90' },
    rounds: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
  },
});
const GOAL_MS = 100;

const started = performance.now();
const say = (line) => console.error(`[${Math.round((performance.now() - started) / 1_000)} s] ${line}`);

async function measure(url, cookie, queries, rounds) {
  const samples = new Map(queries.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const { name, path } of queries) {
      const asking = performance.now();
      const answer = await fetch(url + path(round), { headers: { cookie } });
      const body = await answer.text();
      const took = performance.now() - asking;
      if (answer.status !== 200) throw new Error(`${path(round)} got ${answer.status}: ${body}`);
      samples.get(name).push(took);
    }
  return queries.map(({ name }) => {
    const times = samples.get(name);
    return {
      name,
      p50Ms: percentile(times, 0.5),
      p95Ms: percentile(times, 0.95),
      mostMs: round(Math.max(...times), 1),
    };
  });
}

function asTable(figures) {
  const lines = figures.queries.map(
    ({ name, p50Ms, p95Ms }) =>
      `${name.padEnd(46)} ${String(p50Ms).padStart(8)} ${String(p95Ms).padStart(8)}  ${p95Ms > GOAL_MS ? 'missed' : ''}`,
  );
  return [`${'query'.padEnd(46)} ${'p50 ms'.padStart(8)} ${'p95 ms'.padStart(8)}`, ...lines].join('\n');
}

async function main() {
  await install({ say });
  await build({ say, only: INSTALLED_PARTS });
  await withInstallation({ say }, async (installation) => {
    const [attempts, people, days] = [asked.attempts, asked.people, asked.days].map(Number);
    const queries = await installation.withDatabase(async (client) => {
      await fill(client, { attempts, people, days, seed: 1, say });
      return consoleQueries(client);
    });
    await installation.untilSettled();
    const sessions = await Sessions.open(installation);
    const { cookie } = await sessions.begin();
    const wanted = queries.filter(({ name }) => name.includes(asked.only));
    const figures = {
      attempts,
      people,
      queries: await measure(installation.urls[0], cookie, wanted, Number(asked.rounds)),
    };
    await sessions.close();
    figures.p95Ms = Math.max(...figures.queries.map(({ p95Ms }) => p95Ms));
    figures.missed = figures.queries.filter(({ p95Ms }) => p95Ms > GOAL_MS).map(({ name }) => name);
    console.log(asked.json ? JSON.stringify(figures) : asTable(figures));
  });
}

await main();
