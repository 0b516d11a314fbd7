import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, signIn, type Trouble } from '../support/console.js';
import { admin, anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';

const next = 'eight quick trams at dusk';

describe('the own activity on a phone', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let url: string;
  let staff: ApiClient;
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    [browser, staff] = await Promise.all([launchChromium(), ApiClient.signedIn(url)]);
    const authorization = `Bearer ${await staff.application('Webmail')}`;
    const ago = (minutes: number) => ({ occurredAt: new Date(Date.now() - minutes * 60_000).toISOString() });
    const mine = (minutes: number, more: object) => anAttempt({ subject: admin.email, ...ago(minutes), ...more });
    const records = [
      ...[3.2, 3.1, 3].map((minutes) => mine(minutes, {})),
      mine(2.9, { outcome: 'success', reason: undefined, factor: 'password' }),
      mine(1, { outcome: 'blocked', reason: 'too_many_tries' }),
    ];
    await new ApiClient(url).call('POST', '/api/v1/attempts', records, { authorization });
    const count = async () => (await staff.call<{ all: number }>('GET', '/api/v1/me/activity/counts')).body.all;
    await eventually(async () => (await count()) === 6, 'all are scored');
    await gatehouse.database.query(
      `UPDATE attempts SET score = 80, signals = '[{"kind": "new-device"}, {"kind": "new-country"}]' WHERE outcome = 'success' AND ip = '45.33.32.156'`,
    );
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  it('asks about the one that does not look right, and locks the account down on one answer', async () => {
    const { context, page } = await signIn(browser, url, trouble, {
      viewport: { width: 320, height: 720 },
      hasTouch: true,
      reducedMotion: 'reduce',
    });
    await page.goto(`${url}/me/activity`);
    await page.getByRole('heading', { name: 'One sign-in doesn’t look like you.' }).waitFor();
    await page.getByText('New device and country.').waitFor();
    await page.getByText('3 failed attempts').waitFor();
    await page.getByText('Just before the sign-in above.').waitFor();
    await page.getByText('Blocked: too many tries').waitFor();
    await page.getByText('Not you? You are still safe: nobody got in.').waitFor();
    // Failures are as grey as everything else that is calm.
    const colours = await page.evaluate<string[]>(
      `[...document.querySelectorAll('main li > .mark, main p.muted')].map((one) => getComputedStyle(one).color)`,
    );
    expect(new Set(colours).size).toBe(1);
    const day = page.locator('section h2').first();
    expect(await day.textContent()).toMatch(/^\s*Today\s+\w{3},? \d+ \w{3}, (UTC|.+ time)\s*$/);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('section h2')).position`)).toBe('sticky');
    await page.getByRole('button', { name: /^Failed\s*4$/ }).waitFor();
    expect(await lookAt(page, 'activity')).toEqual([]);

    await page.getByRole('button', { name: /^Failed/ }).tap();
    await page.getByText('Signed in to').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^All/ }).tap();
    await page.getByRole('button', { name: 'Wasn’t me', exact: true }).tap();
    const dialog = page.getByRole('dialog', { name: 'Was this you?' });
    await dialog.getByText('45.33.32.156').waitFor();
    expect(await lookAt(page, 'the question')).toEqual([]);
    await dialog.getByRole('button', { name: 'No, secure my account' }).tap();

    await page.getByRole('heading', { name: 'Your account is locked down. Choose a new password to go on.' }).waitFor();
    await page.getByText('1 other session ended. The one you are using stays.').waitFor();
    expect((await staff.call('GET', '/api/v1/me')).status).toBe(401);
    expect(await lookAt(page, 'locked down')).toEqual([]);
    await context.close();
  });

  it('comes back to the step that is left after a closed browser, and goes on with the factors', async () => {
    const { context, page } = await openPage(browser, trouble, { viewport: { width: 390, height: 844 } });
    await page.goto(`${url}/sign-in?next=/me/sessions`);
    await page.getByLabel('E-mail').fill(admin.email);
    await page.locator('input[type="password"]').fill(admin.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your account is locked down. Choose a new password to go on.' }).waitFor();
    await page.getByLabel('Current password').fill(admin.password);
    await page.getByLabel('New password').fill(next);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/me/2fa`);
    await page.goto(`${url}/me/activity`);
    await page.getByText('You said: this wasn’t me.').waitFor();
    await page.getByRole('heading', { name: 'No sign-in needs an answer from you.' }).waitFor();
    await context.close();
    expect(trouble).toEqual([]);
  });
});
