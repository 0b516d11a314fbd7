// `npm run evaluate -- --stream FILE[.csv|.csv.gz] [--json OUT]`: how well detection works on a labelled stream. Prints tables
// and, as the last line, one JSON object; `--json` writes that object to a file as well. docs/detection.md defines all figures.
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { Trouble, inCheckout } from '../../server/cli/checkout.mjs';
import { install } from '../../server/cli/install.mjs';

async function main() {
  const { values } = parseArgs({ options: { stream: { type: 'string' }, json: { type: 'string' } } });
  if (!values.stream) throw new Trouble('Say which stream: npm run evaluate -- --stream FILE.csv.gz [--json OUT]');
  await install({ say: console.error });
  await build({ say: console.error, only: ['server', 'test/evaluation'] });
  const part = (name) => import(pathToFileURL(inCheckout(`dist/test/evaluation/${name}.js`)).href);
  const [{ evaluate }, { reportOf, tablesOf }] = await Promise.all([part('evaluate'), part('report')]);
  const evaluation = await evaluate(values.stream);
  const report = reportOf(evaluation);
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 1)}\n`);
  console.log(`${tablesOf(evaluation, report)}\n\n${JSON.stringify(report)}`);
}

main().catch((error) => {
  console.error(error instanceof Trouble ? error.message : error);
  process.exitCode = 1;
});
