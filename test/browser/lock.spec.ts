import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, signIn, type Trouble } from '../support/console.js';
import { addPerson } from '../support/factors.js';
import { type Gatehouse, startGatehouse } from '../support/gatehouse.js';
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

  it('knows a shared computer by its network, and leaves nothing on it when the browser closes', async () => {
    await gatehouse.database.query(`UPDATE sign_in_policy SET shared_networks = '{127.0.0.0/8,::1/128}'`);
    const lee = await addPerson(gatehouse, 'lee@example.com');
    const shared = await openPage(browser, trouble, phone);
    await shared.page.goto(`${url}/sign-in`);
    const tick = shared.page.getByLabel('This is a shared computer');
    await shared.page.getByText('Your organisation has named this network one of shared computers.').waitFor();
    expect([await tick.isChecked(), await tick.isDisabled()]).toEqual([true, true]);
    expect(await lookAt(shared.page, 'a shared computer')).toEqual([]);
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
