import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { addPerson } from '../support/factors.js';
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
    await critical.getByLabel('Ask a second factor at the next sign-in').check();
    expect(await page.getByLabel('Critical: ask at the next sign-in for hours').inputValue()).toBe('72');
    const minutes = page.getByLabel('Critical: refuse its addresses for minutes');
    expect(await minutes.inputValue()).toBe('60');
    await minutes.fill('2');
    await page.getByLabel('Why', { exact: true }).fill('Nobody is here at night');
    await page.getByRole('button', { name: 'Save v2' }).click();
    await critical.getByText('This must be at least 5.', { exact: true }).waitFor();
    expect(await lookAt(page, 'what happens by itself', [390, 320])).toEqual([]);
    await minutes.fill('30');
  });

  it('says at the field what is wrong, and keeps what was typed', async () => {
    await page.getByLabel('High from').fill('90');
    await page.getByLabel('Why').fill('Too many of them');
    await page.getByRole('button', { name: 'Save v2' }).click();
    await page.getByText('This must be above high, which is 90.', { exact: true }).waitFor();
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
  });

  it('has a second factor asked at the next sign-in, which the alert and the person’s page show, and is lifted there', async () => {
    const response = { challengeNext: true, endSessions: true };
    const settings = { responses: { medium: response, high: response, critical: response } };
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    await addPerson(gatehouse, 'zoe@example.com');
    const version = await staff.call('PUT', '/api/v1/policies/detection', { settings, reason: 'a test', basedOn: 3 });
    expect(version.status).toBe(200);
    const key = await staff.application('Mail');
    let round = 0;
    const alert = await eventually(async () => {
      const ip = `203.0.113.${(round += 1)}`;
      const guesses = Array.from({ length: 9 }, () => anAttempt({ ip, subject: 'zoe@example.com' }));
      const send = new ApiClient(gatehouse.urls[0]!);
      await send.call('POST', '/api/v1/attempts', guesses, { authorization: `Bearer ${key}` });
      const sql = 'SELECT alert_id AS id, person_id AS person FROM sign_in_challenges';
      return (await gatehouse.database.query<{ id: string; person: string }[]>(sql))[0];
    }, 'it is asked');
    const url = gatehouse.urls[0]!;
    await page.goto(`${url}/alerts/${alert.id}`);
    await page.getByText('A rule of policy version 4 asks a second factor at the next sign-in of zoe').waitFor();
    expect(await page.getByRole('button', { name: 'Let them in again' }).count()).toBe(0);
    expect(await lookAt(page, 'an alert with a challenge', [390, 320])).toEqual([]);
    await page.goto(`${url}/u/${alert.person}`);
    await page.getByText('asks a code by e-mail, as nothing else is set up').waitFor();
    expect(await lookAt(page, 'a person with a challenge', [390, 320])).toEqual([]);
    await page.getByRole('button', { name: 'Don’t ask any more' }).click();
    await page.getByText('The next sign-in of zoe is one like any other.').waitFor();
    expect(await page.getByText('asks a code by e-mail').count()).toBe(0);
    expect(trouble).toEqual([]);
  });
});
