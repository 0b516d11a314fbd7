import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

/** The headless shell first: it is the same engine without the windows, tabs and menus that nobody sees here, and a quarter quicker. */
const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const flags = [
  // Test runners are often root in a container, where Chromium's own sandbox can't work.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // Nothing may leave the machine but what the test does.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the machine's Chromium with an empty profile; the caller closes it. CHROMIUM_PATH names another one.
 * @param {string[]} extraFlags
 */
export async function launchChromium(extraFlags = []) {
  return chromium.launch({ executablePath: executable(), args: [...flags, ...extraFlags] });
}

/**
 * Starts it on a profile that stays, as on a desk where somebody opens it again. `close` ends it in order, `kill` as a power cut does.
 * @param {string} folder of the profile
 */
export async function openProfile(folder) {
  const args = [...flags, '--headless', `--user-data-dir=${folder}`, '--remote-debugging-port=0', 'about:blank'];
  const program = spawn(executable(), args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const over = once(program, 'exit');
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: program.stderr }).on('line', (line) => {
      const found = /^DevTools listening on (\S+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    program.once('error', reject);
    void over.then(() => reject(new Error('Chromium ended before it listened.')));
  });
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  return {
    context,
    close: async () => {
      const session = await browser.newBrowserCDPSession();
      // Its answer may come or the end of the connection: what counts is that the program has ended.
      await Promise.all([over, session.send('Browser.close').catch(() => undefined)]);
      await browser.close();
    },
    kill: async () => {
      // Its helpers too, which would outlive it: they are a group of their own.
      if (program.exitCode === null && program.signalCode === null) process.kill(-program.pid, 'SIGKILL');
      await over;
      await browser.close();
    },
  };
}

function executable() {
  const path = process.env.CHROMIUM_PATH ?? places.find((one) => existsSync(one));
  if (path === undefined) throw new Error('There is no Chromium: run npm test once, which installs it.');
  return path;
}
