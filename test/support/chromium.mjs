import { existsSync } from 'node:fs';
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
  const executablePath = process.env.CHROMIUM_PATH ?? places.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('There is no Chromium: run npm test once, which installs it.');
  return chromium.launch({ executablePath, args: [...flags, ...extraFlags] });
}
