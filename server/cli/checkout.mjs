import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Something the person at the terminal has to settle; the message is one plain sentence. */
export class Trouble extends Error {}

/** Absolute path of something in this checkout. */
export const inCheckout = (path) => `${root}${path}`;

/**
 * Runs a program in the checkout and collects what it prints.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { env = process.env, onStart } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => {
      // The end of the output is what explains a failure; a chatty program must not fill the memory.
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
    onStart?.(child);
  });
}

/** Says now and then that a long step is still going on; returns the function that ends it. */
export function stillBusy(say, what) {
  const since = Date.now();
  const timer = setInterval(() => say(`  … ${what} (${Math.round((Date.now() - since) / 1000)} s)`), 10_000);
  timer.unref();
  return () => clearInterval(timer);
}

/** The last lines that say something, for a message. */
export const lastLines = (output, count = 6) =>
  stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-count)
    .join('\n');
