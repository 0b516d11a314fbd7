import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { overflow, signIn, type Trouble } from '../support/console.js';
import { type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

describe('the pages of the webhook and of drills', () => {
  let receiver: WebhookReceiver;
  let gatehouse: Gatehouse;
  let browser: Browser;
  let page: Page;
  let url: string;
  const trouble: Trouble = [];

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    gatehouse = await startGatehouse({ env: { WEBHOOK_PRIVATE: '1', NODE_EXTRA_CA_CERTS: receiver.authority } });
    url = gatehouse.urls[0]!;
    browser = await launchChromium();
    ({ page } = await signIn(browser, url, trouble));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
    await receiver.stop();
  }, 60_000);

  it('takes an address, shows the secret once, and says what the receiver answered', async () => {
    await page.goto(`${url}/settings/webhook`);
    const save = page.getByRole('button', { name: 'Save the webhook' });
    await page.getByLabel('Address', { exact: true }).fill('https://user:word@hooks.example.com/');
    await save.click();
    await page.locator('[aria-invalid="true"]').first().waitFor();
    await page.getByLabel('Address', { exact: true }).fill(`${receiver.url}/hooks/T0KEN`);
    await save.click();
    await page.getByRole('heading', { name: 'The secret, shown this once' }).waitFor();
    const secret = await page.getByText(/^whsec_/).innerText();
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(await lookAt(page, 'the secret of the webhook', [390, 320])).toEqual([]);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    expect(await page.getByText(secret).count()).toBe(0);
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByRole('status').getByText('The receiver took it.').waitFor();
    expect(await receiver.message(secret, 'test')).toMatchObject({ type: 'test' });
    receiver.answer = 503;
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByRole('status').getByText('503').waitFor();
    expect(await lookAt(page, 'the webhook', [390, 320])).toEqual([]);
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('The webhook is removed.').waitFor();
  });

  it('runs a drill, says attack by attack what was caught, and can be read on a phone', async () => {
    await page.goto(`${url}/settings/drill`);
    await page.getByRole('button', { name: 'Run a drill' }).click();
    await page.getByRole('progressbar').waitFor();
    expect(await lookAt(page, 'a drill that runs', [360])).toEqual([]);
    await page.getByText('Nothing of it is left.').waitFor({ timeout: 120_000 });
    // Its alerts are gone from the count beside the inbox, too.
    await page.locator('a[title="Inbox"] .count').waitFor({ state: 'detached' });
    const rows = page.getByRole('row');
    expect(await rows.count()).toBeGreaterThan(5);
    expect(await lookAt(page, 'a drill', [390, 360, 320])).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    // Nothing of a row is cut off, nor pushed out of its table.
    for (const row of await rows.all())
      for (const cell of await row.getByRole('cell').all()) {
        const box = await cell.boundingBox();
        if (box) expect(box.x + box.width).toBeLessThanOrEqual(360);
      }
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(trouble).toEqual([]);
  }, 180_000);
});
