// `npm run bench`: how fast an installation of this checkout is on this machine. `-- --json` prints one JSON object and nothing
// else on standard output, `--quick` takes a quarter of the time, `--profile DIR` writes V8 processor profiles of server and
// worker (and slows both a little), `--only bulk,singles,alerts,revocations,decide` leaves the others out.
import { mkdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { Connection } from '../support/connection.mjs';
import { INSTALLED_PARTS } from '../support/installation.mjs';
import { withInstallation } from '../support/with-installation.mjs';
import { measureAlerts } from './alerts.mjs';
import { Background } from './background.mjs';
import { Numbers } from './bodies.mjs';
import { BulkLoad } from './bulk.mjs';
import { enrol, makeCompany } from './company.mjs';
import { askForDecisions } from './decisions.mjs';
import { Floor, ROWS_NEEDED } from './floor.mjs';
import { MemoryWatch } from './memory.mjs';
import { perOne } from './processor-time.mjs';
import { asTable } from './report.mjs';
import { measureRevocations } from './revocations.mjs';
import { Sessions } from './signed-in.mjs';
import { measureSingles } from './singles.mjs';
import { SourceClock } from './source-clock.mjs';
import { round } from './statistics.mjs';

const { values: asked } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
    only: { type: 'string', default: 'bulk,singles,alerts,revocations,decide' },
  },
});

/** Seconds and samples. The floor and the load take turns, so that a machine that slows down slows both. */
const plan = asked.quick
  ? { warmUp: 4, turns: 3, floor: 3, load: 5, singles: 5, samples: 20 }
  : { warmUp: 8, turns: 3, floor: 10, load: 20, singles: 15, samples: 60 };
/** Time after a start in which caches fill and the collector comes to rest, in milliseconds. */
const REST_MS = 3_000;

const started = performance.now();
const say = (line) => console.error(`[${Math.round((performance.now() - started) / 1_000)} s] ${line}`);

async function measure(installation) {
  const only = new Set(asked.only.split(','));
  const memory = new MemoryWatch(installation);
  const sessions = await Sessions.open(installation);
  try {
    await wait(REST_MS);
    const idleMb = await memory.look();
    say(`memory at rest: ${Math.round(idleMb)} MB`);
    const company = makeCompany(1);
    const { cookie } = await sessions.begin();
    await enrol(installation.urls[0], cookie, company.people);
    const { key } = await installation.createApplication('Bench');
    const from = { clock: new SourceClock(company.people.length), numbers: new Numbers() };
    const figures = {};
    if (only.has('bulk')) Object.assign(figures, await bulkAndFloor(installation, key, company, from));
    if (only.has('singles')) {
      await installation.untilSettled();
      const singles = await measureSingles(installation, key, company.nextAttempt, from, plan.singles);
      say(
        `single attempts: ${singles.perSecond}/s, p50 ${singles.p50Ms} ms, p99 ${singles.p99Ms} ms; ${perOne(singles.cpu, singles.count)}`,
      );
      Object.assign(figures, { singlePerSecond: singles.perSecond, singleP99Ms: singles.p99Ms });
    }
    if (only.has('decide')) figures.decideMs = await decisionsUnderLoad(installation, key, cookie, company, from);
    if (only.has('alerts')) {
      await installation.untilSettled();
      const options = { key, nextAttempt: company.nextAttempt, from, cookie, samples: plan.samples };
      const { p50, p99, background } = await measureAlerts(installation, options);
      say(`attempt to alert: p50 ${p50} ms, p99 ${p99} ms beside ${background} attempts/s`);
      figures.attemptToAlertMs = { p50, p99 };
    }
    if (only.has('revocations')) {
      await installation.untilSettled();
      await installation.addServer();
      const { refused, cut } = await measureRevocations(installation, sessions, cookie, plan.samples);
      say(`revocations: ${JSON.stringify({ refused, cut })}`);
      Object.assign(figures, { revokeToRefusedMs: refused, revokeToSocketCutMs: cut });
    }
    return { ...figures, rssMb: { idle: Math.round(idleMb), peak: Math.round(memory.peakMb) } };
  } finally {
    memory.stop();
    await sessions.close();
  }
}

/** Decisions beside steady traffic. */
async function decisionsUnderLoad(installation, key, cookie, company, from) {
  await installation.untilSettled();
  const url = installation.urls[0];
  const background = new Background(url, key, company.nextAttempt, from);
  background.start();
  const asking = askForDecisions(url, await decisionKey(url, cookie), company.nextAttempt);
  await wait(plan.singles * 1_000);
  const { p50, p99, count, late } = await asking.stop();
  await background.stop();
  say(`decisions: p50 ${p50} ms, p99 ${p99} ms, ${late} late of ${count}, beside ${background.achieved} attempts/s`);
  return { p50, p99 };
}

async function decisionKey(url, cookie) {
  const connection = new Connection(url);
  const post = async (path, body) => {
    const answer = await connection.sendJson('POST', path, body, { cookie });
    if (answer.status >= 300) throw new Error(`${path} got ${answer.status}: ${answer.body}`);
    return JSON.parse(answer.body);
  };
  const { application } = await post('/api/v1/applications', { name: 'Bench decisions' });
  const { key } = await post(`/api/v1/applications/${application.id}/keys`, { scopes: ['decide'] });
  connection.close();
  return key;
}

async function bulkAndFloor(installation, key, company, from) {
  const load = new BulkLoad(installation, key, company, from);
  say('warming up …');
  await load.warmUp(plan.warmUp, ROWS_NEEDED);
  const floor = await Floor.prepare(installation, new SourceClock(company.people.length));
  const floors = [];
  const loads = [];
  for (let turn = 1; turn <= plan.turns; turn += 1) {
    const floorTurn = await floor.run(plan.floor);
    say(`floor ${turn}: ${describe(floorTurn, { all: floorTurn.cpuSeconds })}`);
    const loadTurn = await load.run(plan.load);
    const { acceptedSeconds, seconds, refusals } = loadTurn;
    const times = `accepted in ${round(acceptedSeconds, 1)} s of ${round(seconds, 1)} s, ${refusals} refusals`;
    say(`load ${turn}: ${describe(loadTurn, loadTurn.cpu)}; ${times}`);
    floors.push(floorTurn);
    loads.push(loadTurn);
  }
  const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);
  const floorRows = sum(floors, (each) => each.rows);
  const loadRows = sum(loads, (each) => each.rows);
  const floorRate = floorRows / sum(floors, (each) => each.seconds);
  const loadRate = loadRows / sum(loads, (each) => each.seconds);
  const floorCpu = sum(floors, (each) => each.cpuSeconds) / floorRows;
  const loadCpu = sum(loads, ({ cpu }) => cpu.server + cpu.worker + cpu.postgres) / loadRows;
  return {
    floorRowsPerSecond: Math.round(floorRate),
    scoredPerSecond: Math.round(loadRate),
    ratio: round(loadRate / floorRate, 3),
    cpuRatio: round(floorCpu / loadCpu, 3),
  };
}

/** Rate and processor time a row. */
const describe = ({ rows, seconds }, used) => `${Math.round(rows / seconds)} rows/s; a row takes ${perOne(used, rows)}`;

async function main() {
  await install({ say });
  await build({ say, only: INSTALLED_PARTS });
  if (asked.profile !== undefined) await mkdir(asked.profile, { recursive: true });
  await withInstallation({ say, profileDir: asked.profile }, async (installation) => {
    const figures = await measure(installation);
    const crashes = [...installation.servers, ...installation.workers].reduce((sum, each) => sum + each.crashes, 0);
    if (crashes > 0) throw new Error(`Processes ended ${crashes} times while they were measured.`);
    console.log(asked.json ? JSON.stringify(figures) : asTable(figures));
  });
}

await main();
