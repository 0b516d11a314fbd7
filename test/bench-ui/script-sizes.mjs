import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { inCheckout } from '../../server/cli/checkout.mjs';

const compress = promisify(gzip);
const ASSETS = inCheckout('dist/dashboard/assets');

/** Compressed size of each script of the built console, in bytes, by its name. */
async function scriptSizes() {
  const names = (await readdir(ASSETS)).filter((name) => name.endsWith('.js'));
  const sizes = names.map(async (name) => [name, (await compress(await readFile(join(ASSETS, name)))).length]);
  return new Map(await Promise.all(sizes));
}

/** Names of the scripts that pages load, each opened anew. @param {import('playwright-core').BrowserContext} context @param {string[]} addresses */
async function scriptsOf(context, addresses) {
  const loaded = new Set();
  for (const address of addresses) {
    const page = await context.newPage();
    page.on('request', (request) => {
      const name = new URL(request.url()).pathname.split('/').at(-1);
      if (request.resourceType() === 'script' && name) loaded.add(name);
    });
    await page.goto(address);
    await page.getByRole('heading').first().waitFor();
    // What the page fetches beforehand for the next one is no part of showing it, and begins when the page is idle.
    await page.close();
  }
  return loaded;
}

/**
 * Compressed JavaScript in KiB: of the first page of a user, of a working live page, and of everything that either never loads.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {{ own: import('playwright-core').BrowserContext, staff: import('playwright-core').BrowserContext }} signedIn
 */
export async function measureSizes(browser, url, { own, staff }) {
  const sizes = await scriptSizes();
  const sum = (names) => [...names].reduce((total, name) => total + (sizes.get(name) ?? 0), 0) / 1024;
  const stranger = await browser.newContext();
  const signIn = await scriptsOf(stranger, [`${url}/sign-in`]);
  await stranger.close();
  const initial = new Set([...signIn, ...(await scriptsOf(own, [`${url}/me/sessions`]))]);
  const live = await scriptsOf(staff, [`${url}/live`]);
  const lazy = [...sizes.keys()].filter((name) => !initial.has(name));
  return { initialJsKiB: sum(initial), liveJsKiB: sum(live), lazyJsKiB: sum(lazy) };
}
