import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inCheckout } from '../../server/cli/checkout.mjs';
import { launchChromium } from '../support/chromium.mjs';

/** The last version that runs on Node 20. It weighs more than everything else together, so only this command installs it. */
const VERSION = '12.8.2';
const HOME = inCheckout('node_modules/.cache/lighthouse');
const PORT = 44_990;

async function load(say) {
  const entry = join(HOME, 'node_modules/lighthouse/core/index.js');
  if (!existsSync(entry)) {
    say(`installing lighthouse ${VERSION} …`);
    const options = ['install', '--prefix', HOME, '--no-save', '--no-audit', '--no-fund', `lighthouse@${VERSION}`];
    const [code] = await once(spawn('npm', options, { stdio: ['ignore', process.stderr, process.stderr] }), 'exit');
    if (code !== 0) throw new Error('Lighthouse could not be installed.');
  }
  const { default: lighthouse } = await import(pathToFileURL(entry).href);
  return lighthouse;
}

/**
 * Lighthouse's marks, 0 to 100, of pages as a phone sees them (its own slowed-down phone).
 * @param {{ name: string, address: string, cookie?: string }[]} pages
 * @param {(line: string) => void} say
 * @returns {Promise<Record<string, { performance: number, accessibility: number }>>}
 */
export async function audit(pages, say) {
  const lighthouse = await load(say);
  const browser = await launchChromium([`--remote-debugging-port=${PORT}`]);
  const marks = {};
  try {
    for (const { name, address, cookie } of pages) {
      const result = await lighthouse(address, {
        port: PORT,
        logLevel: 'error',
        onlyCategories: ['performance', 'accessibility'],
        ...(cookie === undefined ? {} : { extraHeaders: { cookie } }),
      });
      if (!result || result.lhr.runtimeError)
        throw new Error(`Lighthouse on ${name}: ${result?.lhr.runtimeError?.message}`);
      const { performance, accessibility } = result.lhr.categories;
      marks[name] = { performance: mark(performance), accessibility: mark(accessibility) };
      say(`lighthouse, ${name}: performance ${marks[name].performance}, accessibility ${marks[name].accessibility}`);
    }
  } finally {
    await browser.close();
  }
  return marks;
}

const mark = ({ score }) => Math.round((score ?? 0) * 100);
