// `npm run prove:logs -- --folder PATH`: ships every *.log below a folder into a Gatehouse of its own and proves that each attempt
// is there once, that attackers raise alerts, and that the same log again changes nothing. `--json` prints one JSON object and
// nothing else on standard output. Ends with code 1 when anything is wrong.
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { INSTALLED_PARTS } from '../support/installation.mjs';
import { proveLog } from './prove-log.mjs';

const { values: asked } = parseArgs({
  options: { folder: { type: 'string' }, json: { type: 'boolean', default: false } },
});

const say = (line) => console.error(line);

async function main(folder) {
  await install({ say });
  await build({ say, only: INSTALLED_PARTS });
  const files = await readdir(folder, { recursive: true });
  const paths = files.filter((name) => name.endsWith('.log')).map((name) => join(folder, name));
  if (paths.length === 0) throw new Error(`There is no *.log in ${folder}.`);
  const logs = {};
  for (const path of paths.sort()) {
    const name = relative(folder, path);
    const { wrong, ...figures } = await proveLog(path, say);
    logs[name] = { ...figures, wrong };
    if (!asked.json) print(name, figures, wrong);
  }
  return logs;
}

function print(name, { recorded, rejected, expectedSources, alertingSources, alerts, silent, unexpected }, wrong) {
  console.log(
    `${name}: ${recorded} attempts recorded, ${rejected} refused; ${alerts} alerts about ${alertingSources} addresses, ${expectedSources} expected`,
  );
  for (const sentence of wrong) console.log(`  WRONG: ${sentence}`);
  for (const source of silent) console.log(`  no alert: ${source}`);
  for (const source of unexpected) console.log(`  not to alert: ${source}`);
}

if (asked.folder === undefined) {
  console.error('Name the folder with the logs: npm run prove:logs -- --folder PATH');
  process.exitCode = 1;
} else {
  const logs = await main(asked.folder);
  const right = Object.values(logs).every(({ wrong }) => wrong.length === 0);
  if (asked.json) console.log(JSON.stringify({ right, logs }));
  else console.log(right ? 'All as it should be.' : 'Something is wrong.');
  process.exitCode = right ? 0 : 1;
}
