import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, type Trouble } from '../support/console.js';
import { ApiClient } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../support/mail-server.js';
import { breakIn, settleIn } from '../support/suspicion.js';

const [nora, omar, rita] = ['nora@example.com', 'omar@example.com', 'rita@example.com'] as const;

describe('"Was this you?" on a phone that is signed out', () => {
  let mailed: MailedGatehouse;
  let browser: Browser;
  let url: string;
  const trouble: Trouble = [];

  beforeAll(async () => {
    [mailed, browser] = await Promise.all([startGatehouseWithMail(), launchChromium()]);
    url = mailed.gatehouse.urls[0]!;
    const staff = await ApiClient.signedIn(url);
    const key = await staff.application('Webmail');
    await staff.call('POST', '/api/v1/people', [{ email: rita, name: 'Rita', role: 'manager' }]);
    await staff.call('POST', '/api/v1/people', [{ email: nora, name: 'Nora', managerEmail: rita }]);
    await staff.call('POST', '/api/v1/people', [{ email: omar, name: 'Omar' }]);
    await settleIn(url, key, [nora, omar]);
    for (const email of [nora, omar]) await breakIn(mailed.gatehouse, key, email);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await mailed.stop();
  }, 60_000);

  async function openMail(email: string) {
    const token = await mailed.tokenTo(email, 'Was this you?');
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' } as const;
    const { context, page } = await openPage(browser, trouble, phone);
    await page.goto(`${url}/was-this-you#token=${token}`);
    await page.getByRole('heading', { name: 'Was this you?' }).waitFor();
    for (const detail of ['45.33.32.156', 'near ', 'if you are travelling, have a new phone or computer, or use a VPN'])
      await page.getByText(detail).first().waitFor();
    return { context, page };
  }

  it('lets the manager say that they ask, and conclude later', async () => {
    const token = await mailed.tokenTo(rita, 'Unusual sign-in of Nora');
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' } as const;
    const { context, page } = await openPage(browser, trouble, phone);
    await page.goto(`${url}/warning#token=${token}&answer=asking`);
    await page.getByRole('heading', { name: 'Did you expect this?' }).waitFor();
    expect(await page.getByText('45.33.32.156').count()).toBe(0);
    expect(await lookAt(page, 'the warning')).toEqual([]);
    await page.getByRole('button', { name: 'I’ll ask them' }).tap();
    await page.getByRole('status').getByText('Rita asks them').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Not expected: secure the account' }).waitFor();
    expect(await page.getByRole('button', { name: 'I’ll ask them' }).count()).toBe(0);
    await context.close();
  });

  it('takes a yes, after opening the page as often as one likes', async () => {
    await (await openMail(nora)).context.close();
    const { context, page } = await openMail(nora);
    expect(await lookAt(page, 'the question')).toEqual([]);
    const [yes, no] = await Promise.all(
      ['Yes, it was me', 'No, secure my account'].map((name) => page.getByRole('button', { name }).boundingBox()),
    );
    expect([yes!.width, yes!.height]).toEqual([no!.width, no!.height]);
    // What happened, and what it may be without harm, is read before either answer.
    for (const said of ['45.33.32.156', 'It can be you if you are travelling']) {
      const box = await page.getByText(said).boundingBox();
      expect(box!.y + box!.height).toBeLessThanOrEqual(Math.min(yes!.y, no!.y));
    }
    await page.getByRole('button', { name: 'Yes, it was me' }).tap();
    await page.getByRole('status').getByText('Thank you. It was you.').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'This link can’t be used' }).waitFor();
    await context.close();
  });

  it('takes a no, says what was done, and leads to a new password', async () => {
    const { context, page } = await openMail(omar);
    await page.getByRole('button', { name: 'No, secure my account' }).tap();
    await page.getByRole('status').getByText('Your account is locked down').waitFor();
    expect(await lookAt(page, 'what was done')).toEqual([]);
    await page.getByRole('link', { name: 'Choose a new password' }).tap();
    await page.waitForURL(`${url}/forgot`);
    await context.close();
    expect(trouble).toEqual([]);
  });
});
