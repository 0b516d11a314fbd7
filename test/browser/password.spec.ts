import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { confineSessions } from '../../server/authentication/confine-sessions.js';
import type { SignInPolicyView } from '../../server/contracts/policies.js';
import { sha256 } from '../../server/platform/crypto.js';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, type Trouble } from '../support/console.js';
import { addPerson, codeOf } from '../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { loseAnswer, pressKey, tabTo } from '../support/hands.js';
import { lookAt } from '../support/look.js';

const phone = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' } as const;
const fresh = 'seven green kettles hum at dawn';

describe('passwords, and what a policy demands, on a phone', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let url: string;
  let sam: { email: string; password: string };
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 0 });
    url = gatehouse.urls[0]!.replace('127.0.0.1', 'localhost');
    browser = await launchChromium();
    sam = await addPerson(gatehouse, 'sam@example.com');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);
  beforeEach(async () => {
    ({ context, page } = await openPage(browser, trouble, phone));
    page.setDefaultTimeout(15_000);
  });
  afterEach(() => context.close());

  const heading = (name: string | RegExp, one = page): Promise<void> => one.getByRole('heading', { name }).waitFor();
  const unreachable = (): Promise<void> => page.getByText('Gatehouse can’t be reached.').waitFor();
  const look = async (what: string): Promise<void> => expect(await lookAt(page, what)).toEqual([]);
  const signIn = async (password = sam.password, at = '/sign-in'): Promise<void> => {
    await page.goto(`${url}${at}`);
    await page.locator('input[autocomplete~="username"]').fill(sam.email);
    await page.locator('input[type="password"]').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('header').getByText('Gatehouse').waitFor();
    await page.waitForURL(({ pathname }) => pathname !== '/sign-in');
  };
  const link = async (): Promise<string> => {
    const token = randomBytes(32).toString('base64url');
    await gatehouse.database.query(
      `INSERT INTO account_links (token_hash, purpose, person_id, expires_at, sent_to) SELECT $1, 'reset_password', id, now() + interval '30 minutes', ARRAY[email] FROM people WHERE email = $2`,
      [sha256(token), sam.email],
    );
    return `${url}/reset#token=${token}`;
  };
  const change = async (current: string, next: string, one = page): Promise<void> => {
    await one.getByLabel('Current password').fill(current);
    await one.getByLabel('New password').fill(next);
    await one.keyboard.press('Enter');
  };

  it('are changed with the keyboard alone, each refusal where it stands, and what was typed stays', async () => {
    await signIn();
    await page.goto(`${url}/me/password`);
    await tabTo(page, 'Current password');
    await page.keyboard.type('not this one');
    await tabTo(page, 'New password');
    await page.keyboard.type('password password');
    await page.getByRole('meter', { name: 'Strength of the password' }).waitFor();
    await page.getByRole('button', { name: 'Show the password' }).last().press('Enter');
    expect(await page.getByLabel('New password').getAttribute('type')).toBe('text');
    await look('changing the password');
    await page.getByLabel('New password').press('Enter');
    await page.getByText('That is not your current password.').waitFor();
    await context.setOffline(true);
    await change(sam.password, fresh);
    await unreachable();
    expect(await page.getByLabel('New password').inputValue()).toBe(fresh);
    await context.setOffline(false);
    await pressKey(page, 'Change the password');
    await page.getByText('Your password is changed.').waitFor();
    await heading(/last changed/);
    sam.password = fresh;
  });

  it('are changed in one of two tabs, and the other one says so', async () => {
    await signIn();
    const other = await context.newPage();
    for (const one of [page, other]) await one.goto(`${url}/me/password`);
    await change(fresh, `${fresh} again`);
    await page.getByText('Your password is changed.').waitFor();
    await change(fresh, `${fresh} once more`, other);
    await other.getByText('That is not your current password.').waitFor();
    await heading(/last changed just now/, other);
    sam.password = `${fresh} again`;
  });

  it('are changed although the answer is lost, which is said, and no session is left that nobody holds', async () => {
    const openSessions = async (): Promise<number> => {
      const open = `sessions WHERE ended_at IS NULL AND person_id = (SELECT id FROM people WHERE email = $1)`;
      const sql = `SELECT count(*)::int AS n FROM ${open}`;
      return (await gatehouse.database.query<{ n: number }[]>(sql, [sam.email]))[0]!.n;
    };
    await gatehouse.database.query(`UPDATE people SET password_change_required_at = now() WHERE email = $1`, [
      sam.email,
    ]);
    await signIn();
    await heading('You have to set a new password before you go on.');
    await loseAnswer(page, '/me/password');
    await change(sam.password, fresh);
    await unreachable();
    await page.getByText('The new password may be set already.').waitFor();
    await look('an answer that was lost');
    await pressKey(page, 'Change the password');
    await page.getByText('Sign in with the new one; if it is refused, the former one still holds.').waitFor();
    expect(await openSessions()).toBe(0);
    sam.password = fresh;
    await signIn();
    expect(await openSessions()).toBe(1);
    // The same where the page was closed before it could say so: the next sign-in ends what was left.
    await page.goto(`${url}/me/password`);
    await loseAnswer(page, '/me/password');
    await change(fresh, `${fresh} twice`);
    await unreachable();
    sam.password = `${fresh} twice`;
    await signIn();
    expect(await openSessions()).toBe(1);
  });

  it('that have to be changed first lead on to the page that was wanted', async () => {
    await gatehouse.database.query('UPDATE people SET password_change_required_at = now() WHERE email = $1', [
      sam.email,
    ]);
    await signIn(sam.password, '/sign-in?next=/me/sessions');
    await heading('You have to set a new password before you go on.');
    const once = `${sam.password} once more`;
    await change(sam.password, once);
    sam.password = once;
    await page.waitForURL(`${url}/me/sessions`);
    await page.getByText('Your password is changed.').waitFor();
  });

  it('are forgotten in the same words for everybody, also after the connection broke', async () => {
    await page.goto(`${url}/sign-in`);
    await pressKey(page, 'Forgot your password?');
    await heading('Forgot your password?');
    // True before anything is asked: this installation has no mail server.
    await page.getByText('This Gatehouse sends no mail').waitFor();
    for (const [typed, words] of [
      ['', 'This is needed.'],
      ['sam', 'Type a whole e-mail address, such as ana@example.com.'],
      ['sam@example', 'Type a whole e-mail address, such as ana@example.com.'],
    ] as const) {
      await page.getByLabel('E-mail').fill(typed);
      await page.keyboard.press('Enter');
      await page.getByText(words, { exact: true }).waitFor();
      expect(await page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true');
    }
    await look('forgot');
    await context.setOffline(true);
    await page.getByLabel('E-mail').fill('nobody@example.com');
    expect(await page.getByText('Type a whole e-mail address').count()).toBe(0);
    await page.keyboard.press('Enter');
    await unreachable();
    await context.setOffline(false);
    await pressKey(page, 'Make a link');
    await page.getByText('Ask your administrator').waitFor();
    await page.reload();
    await page.getByLabel('E-mail').fill(sam.email);
    await page.keyboard.press('Enter');
    await page.getByText('Ask your administrator').waitFor();
    await look('forgot, without mail server');
  });

  it('are set by a link once, in one of two tabs, whatever happens to the answer', async () => {
    const [address, other] = [await link(), await context.newPage()];
    for (const one of [page, other]) await one.goto(address);
    await page.reload();
    await heading('Choose a new password');
    await look('reset');
    await page.getByLabel('New password').fill('too short');
    await page.keyboard.press('Enter');
    // The same words stand there as a hint before the answer.
    await page.locator('[aria-invalid="true"]').waitFor();
    await context.setOffline(true);
    await page.getByLabel('New password').fill(`${fresh} by link`);
    await page.keyboard.press('Enter');
    await unreachable();
    await context.setOffline(false);
    await loseAnswer(page, '/password/reset');
    await pressKey(page, 'Set the password');
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    await pressKey(page, 'Set the password');
    await heading('This link can’t be used');
    await page.getByText('Then it holds: sign in with it.').waitFor();
    await look('a used link');
    await other.getByLabel('New password').fill('another sentence of five words');
    await other.keyboard.press('Enter');
    await heading('This link can’t be used', other);
    sam.password = `${fresh} by link`;
    await signIn();
  });

  it('are not enough once a policy says so: days are counted down, then nothing else opens', async () => {
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    const path = '/api/v1/policies/sign-in';
    const { roles, ...rest } = (await staff.call<SignInPolicyView>('GET', path)).body;
    const demanded = roles.map(({ role, idleMinutes, absoluteMinutes, lockMinutes, factorRequired }) => ({
      role,
      idleMinutes,
      absoluteMinutes,
      lockMinutes,
      factorRequired: factorRequired || role === 'user',
    }));
    expect((await staff.call('PUT', path, { ...rest, graceDays: 7, roles: demanded })).status).toBe(200);
    await signIn();
    await page.getByText(/requires two-step sign-in from .*, in 7\sdays/).waitFor();
    await look('days of grace');
    await gatehouse.database.query(`UPDATE role_rules SET factor_required_since = now() - interval '8 days'`);
    await gatehouse.database.query(`UPDATE people SET created_at = created_at - interval '30 days'`);
    await confineSessions(gatehouse.database);
    // The open page notices with the next thing that it asks for.
    await page.getByRole('link', { name: 'My sessions' }).click();
    await heading('Set up two-step sign-in to go on.');
    await look('set-up demanded');
    await page.goto(`${url}/me/activity`);
    await heading('Set up two-step sign-in to go on.');
    await pressKey(page, 'Sign out');
    await heading('Sign in');
    await signIn();
    await pressKey(page, 'Set up an authenticator app');
    await page.locator('.key').waitFor();
    const secret = (await page.locator('.key').innerText()).replace(/\s/g, '');
    await pressKey(page, 'Next: enter code');
    await page.keyboard.type(codeOf(secret));
    await heading(/^The code worked/);
    await tabTo(page, 'I have saved these codes');
    await page.keyboard.press('Space');
    await pressKey(page, 'Finish');
    await page.getByText('can’t be turned off: your organisation requires it').waitFor();
    await pressKey(page, 'Remove Authenticator app');
    await page.getByText('Set up another one first').waitFor();
    await look('the last second step');
  });

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
