import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium, openProfile, type Profile } from '../support/chromium.mjs';
import { openPage, signIn, type Trouble } from '../support/console.js';
import { addPerson } from '../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';

const phone = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const;

describe('the lock screen on a phone, in two tabs', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let other: Page;
  let url: string;
  let password: string;
  let sam: { email: string; password: string };
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 0 });
    url = gatehouse.urls[0]!.replace('127.0.0.1', 'localhost');
    browser = await launchChromium();
    sam = await addPerson(gatehouse, 'sam@example.com');
    password = sam.password;
    ({ context, page } = await signIn(browser, url, trouble, phone, sam.email));
    other = await context.newPage();
    await page.goto(`${url}/me/sessions`);
    await other.goto(`${url}/me/devices`);
    await Promise.all([page, other].map((one) => one.getByRole('heading', { level: 1 }).waitFor()));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const locked = (one: Page): Promise<void> => one.getByRole('heading', { name: 'Locked' }).waitFor();
  const isBack = async (): Promise<void> => {
    await page.getByRole('heading', { name: /signed in/ }).waitFor();
    await other
      .getByRole('heading', { name: /device/i })
      .first()
      .waitFor();
    expect([page.url(), other.url()]).toEqual([`${url}/me/sessions`, `${url}/me/devices`]);
  };

  it('covers every tab by keyboard, and leaves nothing of the pages', async () => {
    await page.bringToFront();
    await page.getByRole('button', { name: /^Account of/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Lock', exact: true }).focus();
    await page.keyboard.press('Enter');
    await Promise.all([page, other].map(locked));
    for (const one of [page, other]) {
      expect(await one.title()).toBe('Locked · Gatehouse');
      expect(await one.locator('nav, table, li, [popover]').count()).toBe(0);
    }
    expect(await lookAt(page, 'the lock screen')).toEqual([]);
    await page.reload();
    await locked(page);
  });

  it('opens again where it was, in every tab, with the right password only', async () => {
    await page.keyboard.type('not this one');
    await page.keyboard.press('Enter');
    await page.getByText('The password is wrong.').waitFor();
    await context.setOffline(true);
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    await locked(page);
    // What was typed is not lost with the network.
    await context.setOffline(false);
    await page.keyboard.press('Enter');
    await isBack();
  });

  it('gives back what was typed, on the page and in a dialog that is opened again, and keeps no password', async () => {
    await page.goto(`${url}/me/addresses`);
    await page.getByLabel('Another address').focus();
    await page.keyboard.type('half@exam');
    await other.getByRole('button', { name: /^Rename/ }).click();
    await other.getByLabel('Name', { exact: true }).click();
    await other.keyboard.type(' of Sam');
    await page.evaluate(
      `fetch('/api/v1/me/lock', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })`,
    );
    await Promise.all([page, other].map(locked));
    const values = await page.evaluate(`[...document.querySelectorAll('input')].map(({ value }) => value)`);
    expect(values).toEqual([sam.email, '']);
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByLabel('Another address').waitFor();
    expect(await page.getByLabel('Another address').inputValue()).toBe('half@exam');
    await other.getByText('What you had typed is kept.').waitFor();
    await other.getByRole('button', { name: /^Rename/ }).click();
    expect(await other.getByLabel('Name', { exact: true }).inputValue()).toMatch(/ of Sam$/);
    await other.keyboard.press('Escape');
    await page.goto(`${url}/me/sessions`);
  });

  it('comes by itself, and opens with a passkey', async () => {
    await page.goto(`${url}/me/2fa`);
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await page.getByRole('button', { name: 'Add a passkey or security key' }).click();
    await page.keyboard.press('Enter');
    await page.getByLabel('I have saved these codes').check();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText('10 of 10 backup codes left').waitFor();
    await page.goto(`${url}/me/sessions`);
    await page.getByRole('heading', { name: /signed in/ }).waitFor();
    await gatehouse.database.query(
      `UPDATE sessions SET last_seen_at = now() - lock_after WHERE lock_after IS NOT NULL`,
    );
    await Promise.all([page, other].map(locked));
    await page.getByRole('button', { name: 'Unlock with a passkey' }).focus();
    await page.keyboard.press('Enter');
    await isBack();
  });

  it('leaves nothing on a shared computer, whose browser is opened again by the next person', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'gatehouse-profile-'));
    const mia = await addPerson(gatehouse, 'mia.owns@example.com');
    const lee = await addPerson(gatehouse, 'lee.shares@example.com');
    const opened: Profile[] = [];
    const open = async () => {
      const one = await openProfile(profile);
      opened.push(one);
      return one;
    };
    const kept = `Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()]).then(
      (found) => [...found.map(({ length }) => length), sessionStorage.length, localStorage.length])`;
    const cookies = async (context: BrowserContext) =>
      (await context.cookies()).map(({ name, expires }) => [name, expires === -1 ? 'session' : 'kept']);
    const come = async (context: BrowserContext): Promise<Page> => {
      const tab = await context.newPage();
      await tab.goto(`${url}/me/sessions`);
      return tab;
    };
    const enter = async (tab: Page, who: typeof lee, shared: boolean) => {
      await tab.getByLabel('E-mail').fill(who.email);
      await tab.locator('input[type="password"]').fill(who.password);
      if (shared) await tab.getByLabel('This is a shared computer').check();
      await tab.keyboard.press('Enter');
      await tab.getByRole('heading', { name: /signed in/ }).waitFor();
    };
    try {
      // What may stay does: without that the rest would show nothing. Its owner didn't say that others use it.
      const first = await open();
      const own = await come(first.context);
      await enter(own, mia, false);
      await first.close();

      let desk = await open();
      let tab = await come(desk.context);
      for (const end of ['close', 'kill'] as const) {
        await enter(tab, lee, true);
        for (const path of ['/me/activity', '/me/devices', '/me/2fa']) {
          await tab.goto(`${url}${path}`);
          await tab.getByRole('heading', { level: 1 }).waitFor();
        }
        const token = (await desk.context.cookies()).find(({ name }) => name === '__Host-sid')!.value;
        await desk[end]();

        desk = await open();
        tab = await come(desk.context);
        await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
        expect([await cookies(desk.context), await tab.evaluate(kept)]).toEqual([
          [['__Host-device', 'kept']],
          [0, 0, 0, 0, 0],
        ]);
        expect(await tab.getByLabel('E-mail').inputValue()).toBe('');
        // Nor in any file: not in its cache, its lists of words typed, or what it writes for a crash.
        expect(await filesWith(profile, ['__Host-device'])).not.toEqual([]);
        expect(await filesWith(profile, [lee.email, lee.password, token])).toEqual([]);

        // Whoever copied the cookie before: the server ends it, whatever became of the browser.
        const thief = Object.assign(new ApiClient(url), { cookie: `__Host-sid=${token}` });
        const unused = (minutes: number) =>
          gatehouse.database.query(
            `UPDATE sessions SET last_seen_at = now() - make_interval(mins => $1) WHERE shared AND ended_at IS NULL`,
            [minutes],
          );
        await unused(3);
        expect((await thief.call('GET', '/api/v1/me/sessions')).body).toMatchObject({ code: 'session_locked' });
        await unused(10);
        expect((await thief.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended', detail: 'idle' });
      }
    } finally {
      await Promise.all(opened.map((one) => one.kill()));
      await rm(profile, { recursive: true, force: true });
    }
  }, 60_000);

  it('knows a shared computer by its network, and leaves nothing on it when the browser closes', async () => {
    await gatehouse.database.query(`UPDATE sign_in_policy SET shared_networks = '{127.0.0.0/8,::1/128}'`);
    const lee = await addPerson(gatehouse, 'lee@example.com');
    const shared = await openPage(browser, trouble, phone);
    await shared.page.goto(`${url}/sign-in`);
    const tick = shared.page.getByLabel('This is a shared computer');
    await shared.page.getByText('Your organisation has named this network one of shared computers.').waitFor();
    expect([await tick.isChecked(), await tick.isDisabled()]).toEqual([true, true]);
    expect(await lookAt(shared.page, 'a shared computer')).toEqual([]);
    // Nor is the address among what the browser offers the next person.
    expect(await shared.page.getByLabel('E-mail').getAttribute('autocomplete')).toBe('off');
    await shared.page.getByLabel('E-mail').fill(lee.email);
    await shared.page.locator('input[type="password"]').fill(lee.password);
    await shared.page.keyboard.press('Enter');
    await shared.page.getByRole('navigation').first().waitFor();
    await shared.page.goto(`${url}/me/devices`);
    await shared.page.getByText('Shared computers are never in this list.').waitFor();
    const cookies = await shared.context.cookies();
    // Without an expiry: gone with the browser.
    expect(cookies.map(({ name, expires }) => [name, expires])).toEqual([['__Host-sid', -1]]);
    const kept = `indexedDB.databases().then((found) => [localStorage.length, sessionStorage.length, found.length])`;
    expect(await shared.page.evaluate(kept)).toEqual([0, 0, 0]);
    expect(await shared.page.evaluate(`caches.keys()`)).toEqual([]);
    await shared.context.close();
    expect(trouble).toEqual([]);
  });
});

/** The files under a folder that hold any of these texts, as they are or in UTF-16. */
async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const sought = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const holding = await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file);
      return sought.some((text) => content.includes(text));
    }),
  );
  return files.filter((_, index) => holding[index]);
}
