import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';

describe('settings', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let page: Page;
  let url: string;
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2 });
    url = gatehouse.urls[0]!;
    browser = await launchChromium();
    ({ page } = await signIn(browser, url, trouble));
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const heading = (words: string | RegExp) => page.getByRole('heading', { level: 1, name: words }).waitFor();

  it('say in one sentence that all is well, and when that was measured, without being asked again', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Health' }).first().click();
    await heading('All is well: 2 servers and 1 worker run, nothing waits.');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const measured = page.getByText(/^Live, measured \d\d:\d\d:\d\d\.$/);
    await measured.waitFor();
    const before = await measured.textContent();
    await page.getByText(before!).waitFor({ state: 'detached' });
    expect(asked.filter((one) => one.includes('/api/'))).toEqual([]);
    expect(await lookAt(page, 'health')).toEqual([]);
  });

  it('say that the only worker is gone, since when, and what to do', async () => {
    gatehouse.processes.workers[0]!.kill('SIGKILL');
    await page.getByRole('heading', { level: 1, name: /^No worker runs: .*, since today \d\d:\d\d\.$/ }).waitFor();
    await page.getByText('Start one. Nothing is lost: it takes up what has waited.').waitFor();
    await page.getByRole('row', { name: /worker.*Not heard of/ }).waitFor();
    expect(await lookAt(page, 'health without a worker')).toEqual([]);
    await gatehouse.startWorker();
    await heading('All is well: 2 servers and 1 worker run, nothing waits.');
  }, 60_000);

  it('say of when the figures are while nothing newer comes, and go on by themselves', async () => {
    const restarted = gatehouse.restartServer(0, {});
    await page.getByText(/^As of \d\d:\d\d:\d\d; newer measurements don’t arrive\.$/).waitFor();
    await restarted;
    await page.getByText(/^Live, measured/).waitFor();
    await heading('All is well: 2 servers and 1 worker run, nothing waits.');
    expect(trouble).toEqual([]);
  }, 60_000);
});
