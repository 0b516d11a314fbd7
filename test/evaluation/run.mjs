// `npm run evaluate -- --stream FILE[.csv|.csv.gz] [--json OUT]`: how well detection works on a labelled stream. Prints tables
// and, as the last line, one JSON object; `--json` writes that object to a file as well. docs/detection.md defines all figures.
// `--simulated FOLDER` runs over a published simulation instead: log.csv and attacks.csv.
// `--generator FOLDER --habits NAME` makes the stream first, by the generator of the evaluation data with other habits.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { Trouble, inCheckout } from '../../server/cli/checkout.mjs';
import { install } from '../../server/cli/install.mjs';
import { HABITS, makeStream } from './habits.mjs';

const options = {
  stream: { type: 'string' },
  json: { type: 'string' },
  generator: { type: 'string' },
  habits: { type: 'string' },
  simulated: { type: 'string' },
};

async function main() {
  const { values: asked } = parseArgs({ options });
  const { stream, generator, habits, simulated } = asked;
  if (habits !== undefined && !(habits in HABITS)) throw new Trouble(`There are ${Object.keys(HABITS).join(', ')}.`);
  if (!stream && !simulated && !(generator && habits))
    throw new Trouble(
      'Say which stream: npm run evaluate -- --stream FILE.csv.gz [--json OUT], --generator FOLDER --habits NAME, or --simulated FOLDER',
    );
  await install({ say: console.error });
  await build({ say: console.error, only: ['server', 'test/evaluation'] });
  if (simulated) return tell(await (await part('simulated')).evaluateSimulated(simulated), asked.json);
  if (stream) return measure(stream, asked.json);
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-habits-'));
  try {
    await measure(await makeStream(generator, habits, folder), asked.json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(stream, json) {
  const [{ evaluate }, { reportOf, tablesOf }] = await Promise.all([part('evaluate'), part('report')]);
  const evaluation = await evaluate(stream);
  const report = reportOf(evaluation);
  console.log(`${tablesOf(evaluation, report)}\n`);
  await tell(report, json);
}

const part = (name) => import(pathToFileURL(inCheckout(`dist/test/evaluation/${name}.js`)).href);

async function tell(report, json) {
  if (json) await writeFile(json, `${JSON.stringify(report, null, 1)}\n`);
  console.log(JSON.stringify(report));
}

main().catch((error) => {
  console.error(error instanceof Trouble ? error.message : error);
  process.exitCode = 1;
});
