import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';

describe('the page of detection', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let page: Page;
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    const url = gatehouse.urls[0]!;
    const key = await (await ApiClient.signedIn(url)).application('Webmail');
    const attempts = Array.from({ length: 7 }, () => anAttempt({ ip: '198.18.1.9', subject: 'victim@example.org' }));
    await new ApiClient(url).call('POST', '/api/v1/attempts', attempts, { authorization: `Bearer ${key}` });
    await eventually(async () => {
      const [row] = await gatehouse.database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM attempts');
      return row!.n >= 7;
    }, 'they are scored');
    browser = await launchChromium();
    ({ page } = await signIn(browser, url, trouble));
    await page.goto(`${url}/settings/detection`);
    await page.getByRole('heading', { name: 'Detection works as Gatehouse comes.' }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const failures = () => page.getByLabel('One address fails again and again: failures');

  it('tries a change before it is saved, and says what would be lost', async () => {
    await failures().fill('10');
    await page.getByRole('button', { name: 'Try it on the last 7 days' }).click();
    await page.getByText('With this change: 1 alert fewer.').waitFor();
    await page.getByText('Which ones').click();
    await page.getByRole('link', { name: '198.18.1.9' }).waitFor();
    await page.getByRole('button', { name: 'Add a source' }).click();
    expect(await lookAt(page, 'a change of detection', [390, 320])).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it('offers what happens by itself, and says at the field what is out of bounds', async () => {
    const critical = page.getByRole('group', { name: 'Critical alerts' });
    await critical.getByLabel('End the sessions it opened').check();
    await critical.getByLabel('Refuse its addresses').check();
    const minutes = page.getByLabel('Critical: refuse its addresses for minutes');
    expect(await minutes.inputValue()).toBe('60');
    await minutes.fill('2');
    await page.getByLabel('Why', { exact: true }).fill('Nobody is here at night');
    await page.getByRole('button', { name: 'Save v2' }).click();
    await critical.locator('.error').waitFor();
    expect(await lookAt(page, 'what happens by itself', [390, 320])).toEqual([]);
    await minutes.fill('30');
  });

  it('says at the field what is wrong, and keeps what was typed', async () => {
    await page.getByLabel('High from').fill('90');
    await page.getByLabel('Why').fill('Too many of them');
    await page.getByRole('button', { name: 'Save v2' }).click();
    await page.getByText('This must be above high, which is 90.').waitFor();
    await page.getByLabel('High from').fill('70');
  });

  it('saves with a reason, and goes back to an earlier version', async () => {
    await page.getByLabel('Address or network').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save v2' }).click();
    await page.getByRole('heading', { name: /^Version 2 is in force since/ }).waitFor();
    await page.getByText('Too many of them').waitFor();
    await page.getByRole('button', { name: 'Go back to version 1' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('Too quiet');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Version 3 is in force since/ }).waitFor();
    expect(await failures().inputValue()).toBe('5');
    expect(trouble).toEqual([]);
  });
});
