// `npm test`: sets up what is missing, checks, runs every tier, and ends with `tests: N passed, N failed`.
// Tiers can be named to run only those: `npm test -- unit integration`. `--full` takes all rounds of the proofs by repetition.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { build } from '../server/cli/build.mjs';
import { Trouble, inCheckout } from '../server/cli/checkout.mjs';
import { install } from '../server/cli/install.mjs';
import { installSystemPrograms } from './support/system-programs.mjs';

const tiers = { check, unit: jestTier, integration: jestTier, browser: jestTier };

/** A step that takes longer than this hangs, even on a slow machine. */
const STEP_LIMIT_MS = 15 * 60_000;

/**
 * Spec files at once, whatever the machine: those of integration wait for timers, processes and commits a good part of the time.
 */
const FILES_AT_ONCE = { unit: 2, integration: 4, browser: 2 };

const started = Date.now();
const say = (line) => console.log(`[${Math.round((Date.now() - started) / 1000)} s] ${line}`);

async function main(names) {
  const unknown = names.find((name) => !(name in tiers));
  if (unknown) throw new Trouble(`There is no test tier "${unknown}"; there are ${Object.keys(tiers).join(', ')}.`);
  const wanted = names.length > 0 ? names : Object.keys(tiers);
  await install({ say });
  if (wanted.some((name) => name === 'integration' || name === 'browser')) await installSystemPrograms({ say });
  await build({ say });
  const total = { passed: 0, failed: 0 };
  for (const name of wanted) {
    const { passed, failed } = await tiers[name](name);
    say(`${name}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

/** Steps of the check that run at once, as each keeps one core busy. */
const CHECKS_AT_ONCE = 2;

/** The steps of `npm run check`, all of them even when an early one fails; a failed step is one failure. */
async function check() {
  const { scripts } = JSON.parse(await readFile(inCheckout('package.json'), 'utf8'));
  const steps = [...scripts.check.matchAll(/npm run -s (check:[a-z-]+)/g)].map((match) => match[1]);
  let failed = 0;
  const takeSteps = async () => {
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
      const code = await runStep('npm', ['run', '--silent', step]);
      say(`${step}: ${code === 0 ? 'fine' : 'FAILED'}`);
      if (code !== 0) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, takeSteps));
  return { passed: 0, failed };
}

async function jestTier(name) {
  say(`${name} tests …`);
  const report = inCheckout(`test-results/${name}.json`);
  await mkdir(inCheckout('test-results'), { recursive: true });
  await rm(report, { force: true });
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const args = ['-c', inCheckout('test/jest.config.mjs'), '--selectProjects', name, '--json', `--outputFile=${report}`];
  args.push(`--maxWorkers=${FILES_AT_ONCE[name]}`);
  const code = await runStep(process.execPath, [...flags, inCheckout('node_modules/jest/bin/jest.js'), ...args], {
    // `--json` repeats the report on standard output; what people read comes on standard error.
    stdout: 'ignore',
  });
  return count(report, code);
}

/** A tier without tests, without a report, or with a file that could not even be loaded has failed. */
async function count(report, code) {
  let result;
  try {
    result = JSON.parse(await readFile(report, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    return { passed: 0, failed: 1 };
  }
  const passed = result.numPassedTests;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const troubled = code !== 0 || passed === 0;
  return { passed, failed: failed === 0 && troubled ? 1 : failed };
}

function runStep(command, args, { stdout = 'inherit' } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: inCheckout(''), stdio: ['ignore', stdout, 'inherit'] });
    const limit = setTimeout(() => {
      say(`stopped after ${STEP_LIMIT_MS / 60_000} minutes: ${args.join(' ')}`);
      child.kill('SIGKILL');
    }, STEP_LIMIT_MS);
    child.once('error', (error) => {
      console.error(`${command} can't be run: ${error.message}`);
      clearTimeout(limit);
      resolve(1);
    });
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve(code ?? 1);
    });
  });
}

let total;
try {
  const full = process.argv.includes('--full');
  if (full) process.env.GATEHOUSE_TEST_FULL = '1';
  total = await main(process.argv.slice(2).filter((name) => name !== '--full'));
} catch (error) {
  console.error(error instanceof Trouble ? error.message : error);
  total = { passed: 0, failed: 1 };
}
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`tests: ${total.passed} passed, ${total.failed} failed`);
