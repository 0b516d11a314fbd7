// `npm run faults`: kills server and worker at random moments while attempts come in, and proves with its own ledger that each
// acknowledged attempt is stored once and scored once. `-- --json` prints one JSON object and nothing else on standard output,
// `--postgres` kills the database as well, `--seed N` repeats the order of a former run, `--rounds N` and `--attempts N` (a round)
// set the size. Ends with code 1 when anything is wrong, and then keeps the ledger.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { INSTALLED_PARTS } from '../support/installation.mjs';
import { withInstallation } from '../support/with-installation.mjs';
import { seededRandom } from '../support/seeded-random.mjs';
import { roundOfAttempts } from './attempts.mjs';
import { Kills } from './kills.mjs';
import { Ledger, readLedger } from './ledger.mjs';
import { prove } from './proof.mjs';
import { cutIntoBatches, sendAll } from './senders.mjs';

const { values: asked } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    postgres: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rounds: { type: 'string', default: '10' },
    attempts: { type: 'string', default: '20000' },
  },
});
const rounds = Number(asked.rounds);

/** Who dies in which round; the rounds take turns. */
const turns = [['server'], ['worker'], ['server', 'worker', 'both']];
/** After the last kill everything accepted has to be scored within this: a takeover takes 5 s, a rebuild some more. */
const DRAIN_LIMIT_MS = 120_000;

const started = performance.now();
const say = (line) => console.error(`[${Math.round((performance.now() - started) / 1_000)} s] ${line}`);

async function runRounds(installation, ledger, random) {
  const { id, key } = await installation.createApplication('Faults');
  const kills = new Kills(installation, random);
  for (let round = 1; round <= rounds; round += 1) {
    const attempts = roundOfAttempts({ round, count: Number(asked.attempts), random });
    const targets = turns[(round - 1) % turns.length];
    kills.start(asked.postgres && round % 2 === 0 ? [...targets, 'postgres'] : targets);
    const began = performance.now();
    const { retries } = await sendAll(
      { url: installation.urls[0], key, ledger },
      cutIntoBatches(attempts, round, random),
    );
    await kills.stop();
    const sent = performance.now();
    await installation.untilDrained(DRAIN_LIMIT_MS);
    const seconds = (ms) => (ms / 1_000).toFixed(1);
    const killed = Object.entries(kills.counts).map(([who, count]) => `${who} ${count}`);
    say(
      `round ${round}: sent in ${seconds(sent - began)} s with ${retries} retries, drained ${seconds(performance.now() - sent)} s later; killed so far: ${killed.join(', ')}`,
    );
  }
  const crashes = [...installation.servers, ...installation.workers].reduce((sum, each) => sum + each.crashes, 0);
  return { applicationId: id, crashes };
}

/** Everything has to be right; a crash that nobody ordered is wrong as well, unless the database was taken away. */
function isRight({ lost, duplicated, scoredTwice, neverScored, details }, crashes) {
  const { alertsMissing, alertsTwice } = details;
  const wrong = lost + duplicated + scoredTwice + neverScored + alertsMissing + alertsTwice;
  return wrong === 0 && (asked.postgres || crashes === 0);
}

async function main() {
  await install({ say });
  await build({ say, only: INSTALLED_PARTS });
  say(`seed ${asked.seed}: repeat with --seed ${asked.seed}`);
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-faults-'));
  const ledgerPath = join(folder, 'ledger.jsonl');
  const ledger = await Ledger.create(ledgerPath);
  await withInstallation({ say }, async (installation) => {
    const { applicationId, crashes } = await runRounds(installation, ledger, seededRandom(Number(asked.seed)));
    await ledger.close();
    const known = await readLedger(ledgerPath);
    const found = await installation.withDatabase((client) => prove(client, known, applicationId));
    const { details, ...figures } = found;
    say(`crashes of their own: ${crashes}; ${JSON.stringify(details)}`);
    print({ rounds, ...figures });
    if (isRight(found, crashes)) await rm(folder, { recursive: true });
    else {
      say(`something is wrong; the ledger is kept: ${ledgerPath}`);
      process.exitCode = 1;
    }
  });
}

function print(figures) {
  if (asked.json) console.log(JSON.stringify(figures));
  else for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(14)}${value}`);
}

await main();
