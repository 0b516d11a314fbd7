import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, type Trouble } from '../support/console.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse } from '../support/gatehouse.js';
import { pressKey, tabTo } from '../support/hands.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../support/mail-server.js';

const phone = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const;

describe('looking after one’s account with the keyboard alone, in two tabs', () => {
  let installation: MailedGatehouse;
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let other: Page;
  let url: string;
  let sam: { email: string; password: string };
  let desk: ApiClient;
  let secret: string;
  let backupCodes: string[];
  const trouble: Trouble = [];

  beforeAll(async () => {
    [installation, browser] = await Promise.all([startGatehouseWithMail(), launchChromium()]);
    ({ gatehouse } = installation);
    url = gatehouse.urls[0]!;
    sam = await addPerson(gatehouse, 'sam@example.com');
    desk = await ApiClient.signedIn(url, sam);
    ({ secret, backupCodes } = await turnOnTotp(desk));
    ({ context, page } = await openPage(browser, trouble, phone));
    other = await context.newPage();
    context.setDefaultTimeout(15_000);
    await page.bringToFront();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await installation.stop();
  }, 60_000);

  const type = (text: string): Promise<void> => page.keyboard.type(text);
  const code = async (): Promise<string> => {
    await forgetSteps(gatehouse);
    return codeOf(secret);
  };
  const inBoth = async (check: (tab: Page) => Promise<unknown>): Promise<void> => {
    await Promise.all([page, other].map(check));
  };
  const open = (path: string, heading: RegExp): Promise<void> =>
    inBoth(async (tab) => {
      await tab.goto(url + path);
      await tab.getByRole('heading', { level: 1, name: heading }).waitFor();
    });
  /** Loaded again, and gone and come back, it is the same. */
  const stays = async (shown: (tab: Page) => Promise<unknown>): Promise<void> => {
    await page.reload();
    await shown(page);
    await page.goto(`${url}/me/quiet-hours`);
    await page.goBack();
    await shown(page);
  };
  const item = (tab: Page, text: string) => tab.getByRole('listitem').filter({ hasText: text });
  const anotherDevice = async (): Promise<ApiClient> => {
    const client = new ApiClient(url);
    await client.call('POST', '/api/v1/sign-in', sam);
    await client.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: await code() });
    return client;
  };

  it('signs in, and ends a session', async () => {
    await page.goto(`${url}/sign-in`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await tabTo(page, 'E-mail');
    await type(sam.email);
    await tabTo(page, 'Password');
    await type(sam.password);
    await page.keyboard.press('Enter');
    await page.getByLabel('6-digit code').waitFor();
    await tabTo(page, '6-digit code');
    await type(await code());
    await page.getByRole('navigation').first().waitFor();
    await open('/me/sessions', /signed in on 2 devices/);
    await pressKey(page, 'Sign out Unknown browser');
    await inBoth((tab) => tab.getByText(/^Signed out (just now|today)/).waitFor());
    expect((await desk.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    await stays((tab) => tab.getByRole('heading', { name: 'You are signed in on this device only.' }).waitFor());
  });

  it('names a device, thinks better of removing it, and removes it', async () => {
    desk = await anotherDevice();
    await open('/me/devices', /Your account was used on/);
    await pressKey(page, /^Rename Unknown browser/);
    await tabTo(page, 'Name');
    await page.keyboard.press('Control+A');
    await type('Old laptop');
    await page.keyboard.press('Enter');
    await inBoth((tab) => tab.getByRole('heading', { name: 'Old laptop', exact: true }).waitFor());
    await stays((tab) => tab.getByRole('heading', { name: 'Old laptop', exact: true }).waitFor());
    await pressKey(page, 'Remove Old laptop');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    // Its closing is told a moment later; faster than that presses no hand.
    await page.locator('dialog .inside').waitFor({ state: 'detached' });
    // The focus is back where it came from.
    await page.keyboard.press('Enter');
    await pressKey(page, 'Remove');
    await inBoth((tab) => tab.getByRole('heading', { name: 'Old laptop', exact: true }).waitFor({ state: 'detached' }));
    await stays((tab) => tab.getByRole('heading', { name: /^Your account was used on/ }).waitFor());
    expect(await page.getByRole('heading', { name: 'Old laptop', exact: true }).count()).toBe(0);
  });

  it('signs out everywhere else as a device was lost, which none may skip the second step on any more', async () => {
    desk = await anotherDevice();
    expect((await desk.call('POST', '/api/v1/me/devices/trust', {})).status).toBe(200);
    await open('/me/sessions', /signed in on 2 devices/);
    await pressKey(page, 'Sign out everywhere else');
    await tabTo(page, /^I lost a device/);
    await page.keyboard.press('Space');
    await pressKey(page, /^Sign out of 1 session/);
    await inBoth((tab) => tab.getByRole('heading', { name: 'You are signed in on this device only.' }).waitFor());
    expect((await desk.call('GET', '/api/v1/me')).status).toBe(401);
    const { body } = await new ApiClient(url).call('POST', '/api/v1/sign-in', sam);
    expect(body).toMatchObject({ status: 'factor_required' });
    await stays((tab) => tab.getByRole('heading', { name: 'You are signed in on this device only.' }).waitFor());
  });

  it('makes new backup codes, which void the former ones', async () => {
    await open('/me/2fa', /^Signing in takes/);
    await pressKey(page, 'Make new codes');
    await page.getByRole('dialog').waitFor();
    await pressKey(page, 'Make new codes');
    await page.getByRole('heading', { name: 'Save your backup codes' }).waitFor();
    const fresh = await page.locator('ol .mono').allInnerTexts();
    expect(fresh).toHaveLength(10);
    await tabTo(page, 'I have saved these codes');
    await page.keyboard.press('Space');
    await pressKey(page, 'Finish');
    await page.getByText('10 of 10 backup codes left').waitFor();
    await stays((tab) => tab.getByText('10 of 10 backup codes left').waitFor());
    const use = async (one: string) => {
      const half = new ApiClient(url);
      await half.call('POST', '/api/v1/sign-in', sam);
      return (await half.call('POST', '/api/v1/sign-in/factor', { factor: 'backup_code', code: one })).status;
    };
    expect([await use(backupCodes[0]!), await use(fresh[0]!)]).toEqual([401, 200]);
    await stays((tab) => tab.getByText('9 of 10 backup codes left').waitFor());
  });

  it('adds an address, confirms it in another tab, chooses where messages go, and removes it', async () => {
    const address = 'sam@home.example';
    await open('/me/addresses', /address/);
    await tabTo(page, 'Another address');
    await type(address);
    await page.keyboard.press('Enter');
    await inBoth((tab) => item(tab, address).getByText('Not confirmed').waitFor());
    await stays((tab) => item(tab, address).getByText('Not confirmed').waitFor());
    const token = await installation.tokenTo(address, 'Confirm this address');
    const link = await context.newPage();
    await link.goto(`${url}/confirm-address#token=${token}`);
    await link.reload();
    await pressKey(link, 'Confirm the address');
    await link.getByRole('heading', { name: 'The address is confirmed' }).waitFor();
    await link.close();
    await page.bringToFront();
    const gets = (tab: Page) => tab.getByLabel('Gets messages');
    await inBoth((tab) => gets(tab).waitFor());
    await tabTo(page, 'Gets messages');
    await page.keyboard.press('Space');
    await inBoth((tab) => eventually(async () => !(await gets(tab).isChecked()), 'no messages go there'));
    await stays((tab) => gets(tab).waitFor());
    expect(await gets(page).isChecked()).toBe(false);
    await pressKey(page, `Remove ${address}`);
    await inBoth((tab) => item(tab, address).waitFor({ state: 'detached' }));
  });

  it('says that a sign-in was not theirs, and goes on where it was after a reload', async () => {
    const key = await (await ApiClient.signedIn(url)).application('Webmail');
    const stranger = anAttempt({ subject: sam.email, outcome: 'success', reason: undefined, factor: 'password' });
    await new ApiClient(url).call('POST', '/api/v1/attempts', [stranger], { authorization: `Bearer ${key}` });
    await eventually(async () => {
      const [row] = await gatehouse.database.query<unknown[]>(`SELECT FROM attempts WHERE host(ip) = '45.33.32.156'`);
      return row !== undefined;
    }, 'it is scored');
    await open('/me/activity', /sign-in/);
    await item(page, '45.33.32.156').waitFor();
    const question = page.getByRole('dialog', { name: 'Was this you?' });
    /** Goes to the button of that very sign-in: there is one for each. */
    const ask = async () => {
      await tabTo(page, /^Wasn’t me/);
      while ((await item(page, '45.33.32.156').locator(':focus').count()) === 0) {
        await page.keyboard.press('Tab');
        await tabTo(page, /^Wasn’t me/);
      }
      await page.keyboard.press('Enter');
    };
    await ask();
    await question.getByText('45.33.32.156').waitFor();
    await page.reload();
    await item(page, '45.33.32.156').waitFor();
    expect(await question.count()).toBe(0);
    await ask();
    await pressKey(page, 'No, secure my account');
    const lockedDown = (tab: Page) =>
      tab.getByRole('heading', { name: 'Your account is locked down. Choose a new password to go on.' }).waitFor();
    await inBoth(lockedDown);
    await page.reload();
    await lockedDown(page);
    await page.goBack();
    await lockedDown(page);
    await tabTo(page, 'Current password');
    await type(sam.password);
    await tabTo(page, 'New password');
    sam = { ...sam, password: 'eight quick trams at dusk' };
    await type(sam.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/me/2fa`);
    await page.goto(`${url}/me/activity`);
    await page.getByText('You said: this wasn’t me.').waitFor();
  });

  it('turns two-step sign-in off', async () => {
    await open('/me/2fa', /^Signing in takes/);
    await pressKey(page, 'Turn two-step sign-in off');
    await tabTo(page, 'Password, or a code of your app');
    await type(await code());
    await page.keyboard.press('Enter');
    const off = (tab: Page) => tab.getByText('Your password alone signs you in.').waitFor();
    await inBoth(off);
    await stays(off);
    expect(trouble).toEqual([]);
  });
});
