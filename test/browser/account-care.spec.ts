import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, signIn, type Trouble } from '../support/console.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';
import { settleIn } from '../support/suspicion.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' } as const;
const unreachable = 'Gatehouse can’t be reached.';

const textOf = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const plain = (text: string): string => text.replaceAll('’', "'");

/** What the guide quotes that no page shows until something is pressed or happens, and where it is written. */
const activity = 'dashboard/src/features/activity';
const later: Record<string, string> = {
  'New device': `${activity}/novelty-words.ts`,
  'New country': `${activity}/novelty-words.ts`,
  'Was this you?': 'server/notifications/domain/messages/activity.ts',
  Yes: `${activity}/sign-in-question.svelte`,
  No: `${activity}/sign-in-question.svelte`,
  'This was me': `${activity}/activity-line.svelte`,
  'I lost a device': 'dashboard/src/features/my-sessions/end-others-dialog.svelte',
  'Sign out everywhere else': 'dashboard/src/features/my-sessions/my-sessions-page.svelte',
  'Change number': 'dashboard/src/features/two-step/factor-row.svelte',
  'Forgot your password?': 'dashboard/src/features/sign-in/sign-in-page.svelte',
  Remind: 'dashboard/src/features/team/team-page.svelte',
  "Can't access your device?": 'dashboard/src/features/step-up/other-ways.svelte',
};

describe('looking after one’s account on a phone, in two tabs, with a network that goes', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let other: Page;
  let url: string;
  let key: string;
  let sam: { email: string; password: string };
  let desk: ApiClient;
  let secret: string;
  const trouble: Trouble = [];
  const found: string[] = [];

  beforeAll(async () => {
    [gatehouse, browser] = await Promise.all([startGatehouse(), launchChromium()]);
    url = gatehouse.urls[0]!;
    key = await (await ApiClient.signedIn(url)).application('Webmail');
    sam = await addPerson(gatehouse, 'sam@example.com');
    await settleIn(url, key, [sam.email]);
    desk = await ApiClient.signedIn(url, sam);
    ({ context, page } = await signIn(browser, url, trouble, phone, sam.email));
    other = await context.newPage();
    context.setDefaultTimeout(9_000);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const look = async (what: string): Promise<void> => {
    found.push(...(await lookAt(page, what)));
  };
  const bothAt = async (path: string, heading: RegExp): Promise<void> => {
    for (const tab of [page, other]) {
      await tab.goto(url + path);
      await tab.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    await page.bringToFront();
  };
  /** The request gets through, and the answer is lost on the way back. */
  const loseAnswers = async (pattern: string): Promise<void> => {
    await page.route(
      pattern,
      async (route: Route) => {
        await route.fetch();
        await route.abort('connectionreset');
      },
      { times: 1 },
    );
  };
  const confirmByCode = async (): Promise<void> => {
    await forgetSteps(gatehouse);
    const field = page.getByRole('dialog').locator('input[autocomplete="one-time-code"]');
    await field.fill(codeOf(secret));
  };

  it('marks what is new, with the reason, until the person says that it was theirs', async () => {
    await bothAt('/me/sessions', /signed in on 2 devices/);
    const mine = page.getByRole('listitem').filter({ hasText: 'This device' });
    await mine.getByText('New device', { exact: true }).waitFor();
    await mine.getByText('Details').tap();
    await mine.getByText('you had not signed in with this kind of device before').waitFor();
    await mine.getByText('127.0.0.1').waitFor();
    await mine.getByText(/Mozilla\/5\.0 .*HeadlessChrome/).waitFor();
    await look('sessions');
    const { items } = (
      await desk.call<{ items: { id: string; session: { current: boolean } | null }[] }>('GET', '/api/v1/me/activity')
    ).body;
    const phones = items.find(({ session }) => session?.current === false)!;
    await desk.call('POST', `/api/v1/me/activity/${phones.id}/confirm`);
    await mine.getByText('New device', { exact: true }).waitFor({ state: 'detached' });
  });

  it('says plainly that nothing was signed out without a network, and does it by keyboard once there is one', async () => {
    const out = page.getByRole('button', { name: 'Sign out Unknown browser' });
    await context.setOffline(true);
    await out.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(unreachable).waitFor();
    expect((await desk.call('GET', '/api/v1/me')).status).toBe(200);
    await context.setOffline(false);
    await out.focus();
    await page.keyboard.press('Enter');
    for (const tab of [page, other]) await tab.getByText(/^Signed out (just now|today)/).waitFor();
    expect((await desk.call('GET', '/api/v1/me')).status).toBe(401);
    await page.goto(`${url}/me/activity`);
    await page.goBack();
    await page.getByRole('heading', { name: 'You are signed in on this device only.' }).waitFor();
    await page.reload();
    await page.getByRole('list', { name: 'Signed out in the last 28 days' }).getByText('by you').waitFor();
  });

  it('signs out everywhere else and takes every trust, once, though the answer was lost', async () => {
    [desk] = await Promise.all([ApiClient.signedIn(url, sam), page.getByText('New', { exact: true }).waitFor()]);
    ({ secret } = await turnOnTotp(desk));
    await gatehouse.database.query(
      `UPDATE devices d SET trusted_until = now() + interval '5 days' FROM people p WHERE p.id = d.person_id AND p.email = $1`,
      [sam.email],
    );
    await page.reload();
    await page.getByRole('button', { name: 'Sign out everywhere else' }).tap();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('I lost a device').tap();
    await look('sign out everywhere else');
    await loseAnswers('**/revoke-others');
    await dialog.getByRole('button', { name: /^Sign out/ }).tap();
    await dialog.getByRole('alert').getByText(unreachable).waitFor();
    await dialog.getByRole('button', { name: /^Sign out/ }).tap();
    await page.getByText('No other session was open any more.').last().waitFor();
    expect((await desk.call('GET', '/api/v1/me')).status).toBe(401);
    const [left] = await gatehouse.database.query<{ trusted: number; told: number }[]>(
      `SELECT (SELECT count(*)::int FROM devices WHERE trusted_until IS NOT NULL) AS trusted,
         (SELECT count(*)::int FROM audit_entries WHERE action = 'devices.distrusted') AS told`,
    );
    expect(left).toEqual({ trusted: 0, told: 1 });
  });

  it('trusts, names and distrusts this device, which the other tab shows', async () => {
    await bothAt('/me/devices', /Your account was used on/);
    await page.getByRole('button', { name: 'Trust', exact: true }).tap();
    await confirmByCode();
    for (const tab of [page, other]) await tab.getByText(/^Trusted until/).waitFor();
    const mine = page.getByRole('listitem').filter({ hasText: 'This device' });
    await mine.getByRole('button', { name: /^Rename/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).fill('My phone');
    await page.keyboard.press('Enter');
    for (const tab of [page, other]) await tab.getByRole('heading', { name: 'My phone' }).waitFor();
    await look('devices');
    await page.getByRole('button', { name: 'Stop trusting My phone' }).tap();
    for (const tab of [page, other]) await tab.getByText(/^Trusted until/).waitFor({ state: 'detached' });
  });

  it('removes a device once, and signs out at once where it is the one in hand', async () => {
    const remove = page.getByRole('button', { name: /^Remove (?!My phone)/ }).first();
    const before = await page.getByRole('button', { name: /^Remove / }).count();
    await remove.tap();
    const dialog = page.getByRole('dialog');
    await context.setOffline(true);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).tap();
    await dialog.getByRole('alert').getByText(unreachable).waitFor();
    await context.setOffline(false);
    await loseAnswers('**/me/devices/*');
    await dialog.getByRole('button', { name: 'Remove', exact: true }).tap();
    await dialog.getByRole('alert').getByText(unreachable).waitFor();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).tap();
    await dialog.waitFor({ state: 'hidden' });
    for (const tab of [page, other])
      await eventually(
        async () => (await tab.getByRole('button', { name: /^Remove / }).count()) === before - 1,
        'one device is gone',
      );
    await gatehouse.database.query(
      `UPDATE devices d SET trusted_until = now() + interval '5 days' FROM people p WHERE p.id = d.person_id AND p.email = $1`,
      [sam.email],
    );
    await page.getByRole('button', { name: 'Remove My phone' }).tap();
    await dialog.getByText('you are signed out here').waitFor();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).tap();
    await page.getByRole('heading', { name: 'You removed this device' }).waitFor();
    await look('device removed');
    await other.getByRole('heading', { name: 'You were signed out' }).waitFor();
    // It was trusted: now the password is not enough on it.
    await page.goto(`${url}/sign-in`);
    await page.getByLabel('E-mail').fill(sam.email);
    await page.locator('input[type="password"]').fill(sam.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).tap();
    await forgetSteps(gatehouse);
    await page.getByLabel('6-digit code').fill(codeOf(secret));
    await page.getByRole('navigation').first().waitFor();
  });

  it('finds in the own activity, and tells of new tries without moving a row', async () => {
    await bothAt('/me/activity', /sign-in/);
    await page.getByLabel('Search').fill('webmail portugal');
    await page.getByText('Signed in to').first().waitFor();
    await page.getByLabel('Search').fill('webmail nowhere');
    await page.getByText('Nothing was found').waitFor();
    await look('nothing found');
    await page.getByLabel('Search').fill('');
    await page.getByText('Signed in', { exact: true }).first().waitFor();
    const authorization = `Bearer ${key}`;
    const stranger = anAttempt({ subject: sam.email, outcome: 'success', reason: undefined, factor: 'password' });
    await new ApiClient(url).call('POST', '/api/v1/attempts', [stranger], { authorization });
    await other.getByRole('button', { name: 'New tries to sign in: show them' }).waitFor();
    await page.getByRole('button', { name: 'New tries to sign in: show them' }).tap();
    await page.getByText('45.33.32.156').waitFor();
    await look('activity');
    const elsewhere = { ...stranger, id: undefined, ip: '103.86.96.100' };
    await new ApiClient(url).call('POST', '/api/v1/attempts', [elsewhere], { authorization });
    await page.getByRole('button', { name: 'New tries to sign in: show them' }).tap();
    const mine = page.getByRole('listitem').filter({ hasText: '103.86.96.100' });
    await loseAnswers('**/confirm');
    await mine.getByRole('button', { name: 'This was me' }).tap();
    // Taken all the same, which the page learns by itself.
    await mine.getByText('You said: this was me.').waitFor();
  });

  it('is what the guide for users says: each page opens, and has the words that are quoted', async () => {
    const guide = await textOf('docs/user-guide.md');
    const guest = await openPage(browser, trouble, phone);
    const missing: string[] = [];
    for (const part of guide.split(/^## /m).slice(1)) {
      const path = /^Page: `([^`]+)`$/m.exec(part)![1]!;
      const tab = path.startsWith('/me') ? page : guest.page;
      await tab.goto(url + path);
      await tab.getByRole('heading', { level: 1 }).waitFor();
      await tab.waitForLoadState('networkidle');
      // The page of managers sends everybody else to the sign-in.
      if (path !== '/team') expect(tab.url()).toBe(url + path);
      const shown = plain((await tab.locator('body').textContent()) ?? '');
      for (const [, words] of part.matchAll(/"([^"]+)"/g)) {
        const elsewhere = later[words!];
        const text = elsewhere === undefined ? shown : plain(await textOf(elsewhere));
        if (!text.includes(plain(words!))) missing.push(`${path}: ${words!}`);
      }
    }
    await guest.context.close();
    expect(missing).toEqual([]);
    await page.goto(`${url}/me/activity`);
    await page.getByText('45.33.32.156').waitFor();
  });

  it('locks the account down once though the answer was lost, and every tab goes on with the password', async () => {
    const theirs = page.getByRole('listitem').filter({ hasText: '45.33.32.156' });
    await theirs.getByRole('button', { name: /^Wasn’t me/ }).tap();
    const dialog = page.getByRole('dialog', { name: 'Was this you?' });
    await dialog.getByText('45.33.32.156').waitFor();
    await context.setOffline(true);
    await dialog.getByRole('button', { name: 'No, secure my account' }).tap();
    await dialog.getByRole('alert').getByText(unreachable).waitFor();
    await context.setOffline(false);
    await loseAnswers('**/disown');
    await dialog.getByRole('button', { name: 'No, secure my account' }).tap();
    const heading = 'Your account is locked down. Choose a new password to go on.';
    for (const tab of [page, other]) await tab.getByRole('heading', { name: heading }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: heading }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: heading }).waitFor();
    const [done] = await gatehouse.database.query<{ answers: number; mails: number }[]>(
      `SELECT (SELECT count(*)::int FROM sign_in_answers WHERE answer = 'not_mine') AS answers,
         (SELECT count(*)::int FROM notifications WHERE kind = 'account_secured') AS mails`,
    );
    expect(done).toEqual({ answers: 1, mails: 1 });
  });

  it('leaves nothing for axe, no wider page and no trouble', () => {
    expect(found).toEqual([]);
    expect(trouble).toEqual([]);
  });
});
