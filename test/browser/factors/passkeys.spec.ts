import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../../support/chromium.mjs';
import { signIn, type Trouble } from '../../support/console.js';
import { addPerson } from '../../support/factors.js';
import { type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { type Authenticator, plugIn, pressKey, tabTo } from '../../support/hands.js';
import { lookAt } from '../../support/look.js';

const phone = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const;

describe('passkeys and security keys on a phone, with the keyboard alone', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let devtools: CDPSession;
  let device: Authenticator;
  let url: string;
  let sam: { email: string; password: string };
  let codes: string[] = [];
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 0 });
    url = gatehouse.urls[0]!.replace('127.0.0.1', 'localhost');
    browser = await launchChromium();
    sam = await addPerson(gatehouse, 'sam@example.com');
    ({ context, page } = await signIn(browser, url, trouble, phone, sam.email));
    page.setDefaultTimeout(15_000);
    devtools = await context.newCDPSession(page);
    device = await plugIn(devtools, true);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const heading = (name: string | RegExp): Promise<void> => page.getByRole('heading', { name }).waitFor();
  const signedIn = (): Promise<void> => page.getByRole('navigation').first().waitFor();
  const look = async (what: string): Promise<void> => expect(await lookAt(page, what)).toEqual([]);
  /** The sign-in page as somebody else's browser would have it, with the device at hand. */
  const openSignIn = async (): Promise<void> => {
    await context.clearCookies();
    await page.goto(`${url}/sign-in`);
  };
  const signOut = async (): Promise<void> => {
    await openSignIn();
    await heading('Sign in');
  };
  const typePassword = async (): Promise<void> => {
    await page.keyboard.type(sam.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(sam.password);
    await page.keyboard.press('Enter');
  };
  const newest = async (): Promise<string> => {
    const [session] = await gatehouse.database.query<{ aal: number; amr: string[] }[]>(
      'SELECT aal, amr FROM sessions ORDER BY started_at DESC LIMIT 1',
    );
    return `AAL${session!.aal} ${session!.amr.join(' ')}`;
  };

  it('are added with a name, and the first brings backup codes', async () => {
    await page.goto(`${url}/me/2fa`);
    await pressKey(page, 'Add a passkey or security key');
    await tabTo(page, 'Name');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Sam’s phone');
    await look('adding a passkey');
    await page.keyboard.press('Enter');
    await heading('Save your backup codes');
    codes = (await page.locator('ol .mono').allInnerTexts()).map((text) => text.trim());
    expect(codes).toHaveLength(10);
    await look('backup codes');
    await tabTo(page, 'I have saved these codes');
    await page.keyboard.press('Space');
    await pressKey(page, 'Finish');
    await heading('A passkey alone signs you in. Your password alone does not.');
    await page.getByText('Sam’s phone', { exact: true }).waitFor();
    await look('with a passkey');
  });

  it('refuse the same device a second time, in words', async () => {
    await pressKey(page, 'Add a passkey or security key');
    await page.keyboard.press('Enter');
    await page.getByText('holds a passkey of this account already').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('holds a passkey of this account already').waitFor({ state: 'detached' });
  });

  it('sign in alone, chosen where the e-mail is typed', async () => {
    await openSignIn();
    // The browser's suggestions: the device answers without a word typed, maybe before the page is seen.
    await signedIn();
    expect(await newest()).toBe('AAL2 pop user mfa');
  });

  it('sign in alone by the button, once the device knows who holds it', async () => {
    await device.touch(false);
    await signOut();
    await look('sign-in');
    await device.touch(true);
    await device.recognise(false);
    await pressKey(page, 'Sign in with a passkey');
    await page.getByText('No passkey was used.').waitFor();
    await device.recognise(true);
    await pressKey(page, 'Sign in with a passkey');
    await signedIn();
  });

  it('are the second step, and give way to a backup code', async () => {
    await gatehouse.database.query(
      `INSERT INTO authenticators (id, person_id, kind, name, confirmed_at) SELECT gen_random_uuid(), id, 'email', 'Codes by e-mail', now() FROM people WHERE email = $1`,
      [sam.email],
    );
    await device.touch(false);
    await signOut();
    await typePassword();
    await heading('Use your passkey or security key');
    await page.getByText('Follow what your browser or device asks.').waitFor();
    await look('asked for a passkey');
    // What was asked of the device is over: a code goes out though nobody touched it.
    await pressKey(page, /^Send a code to/);
    await page.getByText('A code is on its way').waitFor();
    await pressKey(page, /^Use a backup code/);
    await heading('Enter a backup code');
    await page.keyboard.type(codes[0]!);
    await page.keyboard.press('Enter');
    await signedIn();
    await page.goto(`${url}/me/2fa`);
    await page.getByText('9 of 10 backup codes left').waitFor();
    await pressKey(page, 'Remove Codes by e-mail');
    await pressKey(page, 'Remove');
    await heading('A passkey alone signs you in. Your password alone does not.');
  });

  it('have names, an order, and an end, and the focus stays in the list', async () => {
    // A plain security key: it doesn't check who holds it.
    await devtools.send('WebAuthn.disable');
    await plugIn(devtools, false);
    await pressKey(page, 'Add a passkey or security key');
    await tabTo(page, 'Name');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Key on my ring');
    await page.keyboard.press('Enter');
    await page.getByText('Key on my ring', { exact: true }).waitFor();
    await pressKey(page, 'Ask first: Key on my ring');
    await page.getByText('Asked first').waitFor();
    await pressKey(page, 'Rename Key on my ring');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('Old key');
    await page.keyboard.press('Enter');
    await page.getByText('Old key', { exact: true }).waitFor();
    await look('two passkeys');
  });

  it('open nothing alone without PIN or fingerprint, and everything after the password', async () => {
    await signOut();
    await pressKey(page, 'Sign in with a passkey');
    await page.getByText('a security key without PIN or fingerprint').waitFor();
    await tabTo(page, 'E-mail');
    await typePassword();
    await signedIn();
    expect(await newest()).toBe('AAL2 pwd pop user mfa');
    await page.goto(`${url}/me/2fa`);
    await pressKey(page, 'Remove Old key');
    await pressKey(page, 'Remove');
    await page.getByText('Old key', { exact: true }).waitFor({ state: 'detached' });
    await heading('A passkey alone signs you in. Your password alone does not.');
  });

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
