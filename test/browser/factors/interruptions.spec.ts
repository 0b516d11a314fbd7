import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../support/chromium.mjs';
import { openPage, type Trouble } from '../../support/console.js';
import { addPerson, codeOf, forgetSteps } from '../../support/factors.js';
import type { Gatehouse } from '../../support/gatehouse.js';
import { loseAnswer } from '../../support/hands.js';
import { lookAt } from '../../support/look.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';

const phone = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const;

describe('signing in and setting up, interrupted', () => {
  let installation: MailedGatehouse;
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let url: string;
  let sam: { email: string; password: string };
  let secret = '';
  let mails = 0;
  const trouble: Trouble = [];

  beforeAll(async () => {
    installation = await startGatehouseWithMail();
    ({ gatehouse } = installation);
    url = gatehouse.urls[0]!.replace('127.0.0.1', 'localhost');
    browser = await launchChromium();
    sam = await addPerson(gatehouse, 'sam@example.com');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await installation.stop();
  }, 60_000);
  /** A browser of its own for each test, which may leave a page that has something unsaved. */
  beforeEach(async () => {
    ({ context, page } = await openPage(browser, trouble, phone));
    page.removeAllListeners('dialog');
    page.on('dialog', (dialog) => void dialog.accept());
    page.setDefaultTimeout(15_000);
  });
  afterEach(() => context.close());

  const heading = (name: string | RegExp, one = page): Promise<void> => one.getByRole('heading', { name }).waitFor();
  const signedIn = (one = page): Promise<void> => one.getByRole('navigation').first().waitFor();
  const code = (one = page) => one.getByLabel('6-digit code');
  const typePassword = async (who = sam, one = page): Promise<void> => {
    await one.goto(`${url}/sign-in`);
    await one.locator('input[autocomplete~="username"]').fill(who.email);
    await one.locator('input[type="password"]').fill(who.password);
    await one.keyboard.press('Enter');
  };
  const signIn = async (one = page): Promise<void> => {
    await typePassword(sam, one);
    await code(one).waitFor();
    await forgetSteps(gatehouse);
    await code(one).fill(codeOf(secret));
    await signedIn(one);
  };
  const scan = async (one = page): Promise<string> => {
    await one.locator('.key').waitFor();
    return (await one.locator('.key').innerText()).replace(/\s/g, '');
  };
  const count = async (sql: string): Promise<number> =>
    (await gatehouse.database.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;

  it('keeps e-mail and password when the connection breaks, and signs in once it is back', async () => {
    await page.goto(`${url}/sign-in`);
    await page.locator('input[autocomplete~="username"]').fill(sam.email);
    await page.locator('input[type="password"]').fill(sam.password);
    await context.setOffline(true);
    await page.keyboard.press('Enter');
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    expect(await lookAt(page, 'sign-in without connection')).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await signedIn();
  });

  it('signs out to the sign-in page in every tab, also where the socket tells of it before the answer', async () => {
    const heard = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));
    await typePassword();
    await signedIn();
    await heard;
    const other = await context.newPage();
    await other.goto(`${url}/me/sessions`);
    await signedIn(other);
    await page.route('**/api/v1/sign-out', async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.fulfill({ response });
    });
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading('Sign in');
    await other.getByRole('heading', { name: /Sign in|You were signed out/ }).waitFor();
  });

  it('sets an app up although the connection breaks at the code, which isn’t typed again', async () => {
    await typePassword();
    await signedIn();
    await page.goto(`${url}/me/2fa/app`);
    secret = await scan();
    await page.getByRole('button', { name: 'Next: enter code' }).click();
    await context.setOffline(true);
    const typed = codeOf(secret);
    await code().fill(typed);
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    expect(await code().inputValue()).toBe(typed);
    expect(await lookAt(page, 'set-up without connection')).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading('The code worked. Save your backup codes');
  });

  it('keeps unsaved backup codes while one looks elsewhere, and says what is to be done when they are lost', async () => {
    await signIn();
    await page.getByText('nobody said that they are saved').waitFor();
    await gatehouse.database.query(`UPDATE sessions SET proved_at = now()`);
    await page.goto(`${url}/me/2fa`);
    // The tab of the former test was closed: they were shown once, and nobody said that they are saved.
    await page.getByText('nobody can show them again').waitFor();
    expect(await lookAt(page, 'codes not saved')).toEqual([]);
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
    await heading('Save your backup codes');
    const first = await page.locator('ol .mono').first().innerText();
    await page.getByRole('link', { name: 'My sessions' }).click();
    await page.getByText('Your backup codes are not saved yet').waitFor();
    await page.getByRole('link', { name: 'Save them now' }).click();
    expect(await page.locator('ol .mono').first().innerText()).toBe(first);
    await page.getByLabel('I have saved these codes').check();
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText('Each signs you in once without your device.').waitFor();
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
    await heading('Save your backup codes');
    await page.reload();
    await page.getByText('nobody can show them again').waitFor();
  });

  it('uses a code once although its answer was lost, and says so', async () => {
    await typePassword();
    await code().waitFor();
    await forgetSteps(gatehouse);
    const before = await count('sessions');
    await loseAnswer(page, '/sign-in/factor');
    await code().fill(codeOf(secret));
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    expect(await code().inputValue()).toBe(codeOf(secret));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It took too long, or was finished elsewhere.').waitFor();
    await heading('Sign in');
    expect(await count('sessions')).toBe(before + 1);
    await signIn();
  });

  it('leads back from one way to the other, and stays at it when loaded again', async () => {
    await typePassword();
    await heading('Enter the code from your app');
    await page.getByRole('button', { name: /^Use a backup code/ }).click();
    await heading('Enter a backup code');
    await page.reload();
    await heading('Enter a backup code');
    await page.goBack();
    await heading('Enter the code from your app');
    await page.goForward();
    await heading('Enter a backup code');
    await page.goBack();
    await page.goBack();
    await heading('Sign in');
    await page.goForward();
    await heading('Enter the code from your app');
    await page.goBack();
    await heading('Sign in');
  });

  it('takes a mailed code after the page was loaded again, in set-up and at sign-in', async () => {
    const mailed = async (): Promise<string> =>
      /\b\d{6}\b/.exec((await installation.mailTo(sam.email, 'Your sign-in code', mails++)).text)![0];
    await signIn();
    await page.goto(`${url}/me/2fa`);
    await page.getByRole('button', { name: 'Get codes by e-mail' }).click();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.goForward();
    await page.getByRole('dialog').getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('On its way to s•••@example.com').waitFor();
    expect(await page.evaluate('document.activeElement?.inputMode')).toBe('numeric');
    await page.reload();
    await page.getByText('The newest code that was sent to you.').waitFor();
    expect(await lookAt(page, 'a first code by e-mail')).toEqual([]);
    await code().fill(await mailed());
    await page.getByText('a code from your app or a code by e-mail (weaker)').waitFor();

    await gatehouse.database.query(`UPDATE sessions SET proved_at = now() - interval '16 minutes'`);
    await page.getByRole('button', { name: 'Ask first: Codes by e-mail' }).click();
    // A code by e-mail is too weak to change that, and not offered for it.
    await page.getByRole('dialog').getByText('Can’t access your device?').waitFor();
    expect(await page.getByRole('dialog').getByText('Send a code').count()).toBe(0);
    await forgetSteps(gatehouse);
    await code().fill(codeOf(secret));
    await page.getByText('Asked first').waitFor();

    await context.clearCookies();
    await typePassword();
    await heading('Enter the code from your e-mail');
    await page.getByRole('button', { name: 'Send a code' }).click();
    await page.getByText('A code is on its way').waitFor();
    await page.reload();
    await heading('Enter the code from your e-mail');
    await page.getByText('A code is on its way').waitFor();
    await context.setOffline(true);
    await code().fill(await mailed());
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    await context.setOffline(false);
    await code().press('Enter');
    await signedIn();
    await gatehouse.database.query(`UPDATE authenticators SET preferred = false`);
  });

  it('ends the question when its time is over, wherever one looks', async () => {
    await typePassword();
    await code().fill('123');
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await page.waitForResponse('**/api/v1/sign-in');
    expect(await code().inputValue()).toBe('123');
    await gatehouse.database.query('UPDATE sign_ins SET expires_at = now()');
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await page.getByText('It took too long, or was finished elsewhere.').waitFor();
    await heading('Sign in');
  });

  it('signs every tab in that waits for it, and never somebody else’s code in', async () => {
    const [second, third] = [await context.newPage(), await context.newPage()];
    await typePassword();
    await code().waitFor();
    await second.goto(`${url}/sign-in?next=/me/2fa`);
    await heading('Sign in', second);
    const kim = await addPerson(gatehouse, 'kim@example.com');
    await gatehouse.database.query(
      `INSERT INTO authenticators (id, person_id, kind, name, confirmed_at) SELECT gen_random_uuid(), id, 'email', 'Codes by e-mail', now() FROM people WHERE email = $1`,
      [kim.email],
    );
    await typePassword(kim, third);
    // This browser is signing Kim in now: the first tab asks for her code, not for Sam's any more.
    await page.getByText(`Signing in as ${kim.email}`).waitFor();
    await signIn(third);
    await Promise.all([signedIn(page), signedIn(second)]);
    expect(new URL(second.url()).pathname).toBe('/me/2fa');
    await third.goto(`${url}/sign-in`);
  });

  it('sets an app up in two tabs: one turns it on, the other finds it on', async () => {
    await signIn();
    await gatehouse.database.query(`UPDATE sessions SET proved_at = now()`);
    const other = await context.newPage();
    for (const one of [page, other]) await one.goto(`${url}/me/2fa/app`);
    const key = await scan();
    expect(await scan(other)).toBe(key);
    for (const one of [page, other]) await one.getByRole('button', { name: 'Next: enter code' }).click();
    await code().fill(codeOf(key));
    await heading(/Signing in takes your password/);
    await code(other).fill(codeOf(key, 1));
    await heading(/Signing in takes your password/, other);
    secret = key;
    expect(await count(`authenticators WHERE kind = 'totp' AND confirmed_at IS NULL`)).toBe(0);
  });

  it('asks to confirm again where that was given up, and goes on with what was begun', async () => {
    await signIn();
    await gatehouse.database.query(`UPDATE sessions SET proved_at = now() - interval '16 minutes'`);
    await forgetSteps(gatehouse);
    await page.goto(`${url}/me/2fa/app`);
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Nothing was changed. Try again, and confirm it.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await code().fill(codeOf(secret));
    await scan();
  });

  it('says what happened when a change was made and its answer lost', async () => {
    await signIn();
    await page.goto(`${url}/me/2fa`);
    await gatehouse.database.query(`UPDATE sessions SET proved_at = now() - interval '16 minutes'`);
    await forgetSteps(gatehouse);
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
    await loseAnswer(page, '/me/step-up');
    await code().fill(codeOf(secret));
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('What you did last may have been done').waitFor();
    expect(await lookAt(page, 'signed out by a lost answer')).toEqual([]);
  });

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
