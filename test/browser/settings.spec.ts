import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, signIn, type Trouble } from '../support/console.js';
import { eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';

/** Asked again and again from outside: a function that polls within the page would need `eval`, which the policy of the page forbids. */
const logoDrawn = (page: Page): Promise<boolean> =>
  eventually(
    () => page.evaluate<boolean>('document.querySelector("header img")?.naturalWidth === 96'),
    'the logo in its size',
  );

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

  it('name the organisation, in pages and in titles', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).first().click();
    await page.getByRole('link', { name: 'Open organisation' }).click();
    await heading('This Gatehouse belongs to an organisation without a name.');
    await page.getByLabel('Name of the organisation').fill('Kestrel Marine');
    await page.getByLabel('Time zone').selectOption('Pacific/Auckland');
    await page.getByText(/^It is \d\d:\d\d there now\./).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await heading('This Gatehouse belongs to Kestrel Marine.');
    expect(await page.title()).toBe('Organisation · Kestrel Marine · Gatehouse');
    expect(await page.getByRole('banner').getByText('Kestrel Marine').count()).toBe(1);
  });

  it.each(['image/png', 'image/jpeg', 'image/webp'])(
    'take a logo of the type %s as a browser writes it',
    async (type) => {
      const drawn = await page.evaluate<string>(`(${drawing})("${type}")`);
      const buffer = Buffer.from(drawn.split(',')[1]!, 'base64');
      await page.getByLabel(/^(Another p|P)icture$/).setInputFiles({ name: 'logo', mimeType: type, buffer });
      await page.getByText('The logo is set.').last().waitFor();
      const logo = page.getByRole('banner').locator('img');
      await logoDrawn(page);
      expect((await logo.boundingBox())!.height).toBe(28);
    },
  );

  it('say why a file is no logo, where it was chosen', async () => {
    const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    await page.getByLabel('Another picture').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer });
    await page.getByRole('alert').getByText('It is neither a PNG nor a JPEG nor a WebP.').waitFor();
    expect(await lookAt(page, 'organisation')).toEqual([]);
  });

  it('show the logo at the sign-in to everybody, until it is removed', async () => {
    const { page: stranger, context } = await openPage(browser, trouble);
    await stranger.goto(`${url}/sign-in`);
    await stranger.getByText('Kestrel Marine').waitFor();
    await logoDrawn(stranger);
    expect(await lookAt(stranger, 'sign-in with a logo')).toEqual([]);
    await page.getByRole('button', { name: 'Remove the logo' }).click();
    await page.getByText('The logo is removed.').waitFor();
    await stranger.reload();
    await stranger.getByLabel('E-mail').waitFor();
    expect(await stranger.getByText('Kestrel Marine').count()).toBe(0);
    await context.close();
    expect(trouble).toEqual([]);
  });
});

/** Draws a picture of 96 × 48 pixels and writes it as a file of the type that is given. */
const drawing = `(type) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 48 });
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#2460b7';
  pen.fillRect(8, 8, 60, 32);
  return canvas.toDataURL(type);
}`;
