import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, signIn, type Trouble } from '../support/console.js';
import { admin, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';

const run = promisify(execFile);

describe('the first run', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let page: Page;
  let url: string;
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse({ withAdmin: false });
    url = gatehouse.urls[0]!;
    browser = await launchChromium();
    ({ page } = await openPage(browser, trouble));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  /** All that this browser keeps of the console's own. */
  const stored = (): Promise<string> => page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])');

  it('says where the set-up link is to whoever comes without it', async () => {
    await page.goto(url);
    await page.getByRole('heading', { name: 'Open the set-up link from the terminal.' }).waitFor();
  });

  it('goes on where one was after a reload or "back", and keeps no password for it', async () => {
    // In the same tab, as a person would.
    await page.goto(gatehouse.setUpLink!);
    await page.getByLabel('Your name').fill('Ana Ribeiro');
    await page.getByLabel('E-mail').fill(admin.email);
    await page.locator('input[type="password"]').fill(admin.password);
    expect(page.url()).not.toContain('token');
    await page.reload();
    await page.getByText('What you had typed is back, except the password').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(admin.email);
    await page.locator('input[type="password"]').fill(admin.password);
    await page.keyboard.press('Enter');
    await page.getByLabel('Name of the organisation').fill('Kestrel');
    await page.goBack();
    expect(await page.locator('input[type="password"]').inputValue()).toBe(admin.password);
    await page.goForward();
    expect(await page.getByLabel('Name of the organisation').inputValue()).toBe('Kestrel');
    await page.reload();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Ana Ribeiro');
    const kept = await stored();
    expect(kept).toContain(gatehouse.setUpLink!.split('token=')[1]);
    expect(kept).not.toContain(admin.password);
    // Another tab has nothing of it.
    const other = await page.context().newPage();
    await other.goto(`${url}/set-up`);
    await other.getByRole('heading', { name: 'Open the set-up link from the terminal.' }).waitFor();
    await other.close();
  });

  it('creates the first administrator from the link, which then is spent', async () => {
    await page.locator('input[type="password"]').fill('too short');
    await page.keyboard.press('Enter');
    await page.getByText('Too short: 6 more needed.').waitFor();
    // Long enough, and refused where it stands.
    await page.locator('input[type="password"]').fill(`${admin.email}${admin.email}`);
    await page.keyboard.press('Enter');
    await page.getByText('Do not build it from your name').waitFor();
    expect(await page.getByText(/long enough|hard to guess/i).count()).toBe(0);
    await page.locator('input[type="password"]').fill(admin.password);
    await page.keyboard.press('Enter');
    // What was typed before the reload.
    expect(await page.getByLabel('Name of the organisation').inputValue()).toBe('Kestrel');
    await page.getByLabel('Name of the organisation').fill('Kestrel Marine');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect an application, and its sign-ins appear here.' }).waitFor();
    expect(page.url()).not.toContain('token');
    expect(await stored()).not.toContain('token');
    const late = await openPage(browser, trouble);
    await late.page.goto(gatehouse.setUpLink!);
    await late.page.getByRole('heading', { name: 'Gatehouse is already set up.' }).waitFor();
    await late.context.close();
  });

  it('shows a key once, whose curl line works as it is copied, and turns into Live', async () => {
    await page.getByLabel('Name of the application').fill('Webmail');
    await page.keyboard.press('Enter');
    const line = page.getByLabel('What to run');
    await line.waitFor();
    expect(await line.textContent()).not.toMatch(/gh_live_\w{20}/);
    await page.getByRole('button', { name: 'Show the key' }).click();
    const command = (await line.textContent())!;
    const key = /Bearer (\S+)"/.exec(command)![1]!;
    await page.reload();
    await page.getByText('has its key, which was shown once').waitFor();
    // Typed into a shell, with a key that is wrong at first: the page says what was refused and why.
    await run('bash', ['-c', command.replace(key, `${key}x`)]);
    await page.getByText('1 request refused').waitFor();
    await page.getByText('its key is not valid').waitFor();
    const { stdout } = await run('bash', ['-c', command]);
    expect(JSON.parse(stdout)).toEqual({ recorded: 1, duplicates: 0, rejected: [] });
    await page.waitForURL('**/live');
    await page.getByText('sam.okafor@example.com').first().waitFor();
    await page.goto(`${url}/settings/applications`);
    await page.getByText('Webmail').first().waitFor();
    expect(await page.content()).not.toContain(key);
  });

  it('lets an administrator lock and sign out on a small phone at once', async () => {
    const small = { viewport: { width: 320, height: 568 }, hasTouch: true };
    const { context, page: phone } = await signIn(browser, url, trouble, small);
    await phone.getByRole('button', { name: /^Account of/ }).tap();
    for (const name of ['Lock', 'Sign out']) {
      const button = phone.getByRole('button', { name, exact: true });
      const { y, height } = (await button.boundingBox())!;
      expect(y + height).toBeLessThan(568);
      expect(height).toBeGreaterThanOrEqual(44);
    }
    expect(await lookAt(phone, 'menu of an administrator')).toEqual([]);
    await phone.getByRole('button', { name: 'Sign out' }).tap();
    await phone.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  it('shows that a press was heard while the next page is on a slow way, and says it where it never comes', async () => {
    const told: Trouble = [];
    const { context, page: slow } = await signIn(browser, url, told, { viewport: { width: 360, height: 740 } });
    await slow.goto(`${url}/me`);
    await slow.getByRole('heading', { level: 1 }).waitFor();
    let arrive = (): void => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    await slow.route('**/two-step-page*', async (route) => held.then(() => route.continue()));
    await slow.getByRole('link', { name: /^(On|Off)$/ }).click();
    await slow.locator('main[aria-busy="true"]').waitFor();
    arrive();
    await slow.getByRole('link', { name: 'Set up an authenticator app' }).waitFor();
    await slow.locator('main[aria-busy="false"]').waitFor();
    await slow.route('**/devices-page*', (route) => route.abort());
    await slow.goto(`${url}/me/devices`);
    await slow.getByText('This page did not arrive.').waitFor();
    expect(told).toEqual([expect.stringContaining('devices-page')]);
    await slow.unroute('**/devices-page*');
    await slow.getByRole('button', { name: 'Try again' }).click();
    await slow.getByRole('heading', { name: /Your account was used on/ }).waitFor();
    await context.close();
  });

  it('lives the simulated company at the press of a button, and takes it away again', async () => {
    await page.goto(`${url}/set-up`);
    await page.getByRole('button', { name: 'Start simulated company' }).click();
    await page.waitForURL('**/live');
    await page.locator('[data-position="8"]').waitFor({ timeout: 60_000 });
    const staff = await ApiClient.signedIn(url);
    const state = () => staff.call<{ state: string; people: number }>('GET', '/api/v1/simulation');
    expect((await state()).body).toMatchObject({ state: 'running', people: 200 });
    await page.goto(`${url}/settings`);
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await eventually(async () => (await state()).body.state === 'off', 'the company is gone', 60_000);
    expect((await state()).body.people).toBe(0);
  }, 150_000);

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
