import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';

const HOUR_MS = 3_600_000;
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the overview in a browser', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let page: Page;
  let url: string;
  let key: string;
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    const staff = await ApiClient.signedIn(url);
    await staff.call('POST', '/api/v1/people', [{ name: 'Sam Okafor', email: 'sam@example.com' }]);
    key = await staff.application('Webmail');
    browser = await launchChromium();
    ({ page } = await signIn(browser, url, trouble));
    await page.waitForURL('**/overview');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const record = async (attempts: unknown[]): Promise<void> => {
    const { status } = await new ApiClient(url).call('POST', '/api/v1/attempts', attempts, {
      authorization: `Bearer ${key}`,
    });
    expect(status).toBe(202);
    await eventually(
      async () => (await gatehouse.database.query<unknown[]>('SELECT FROM attempt_inbox')).length === 0,
      'they are scored',
    );
  };
  const path = (): string => page.url().slice(url.length);
  const list = (title: string) => page.getByRole('region', { name: title });
  const figure = (title: string) => list(title).locator('.value');
  const shows = (title: string, value: string) =>
    list(title)
      .locator('.value', { hasText: new RegExp(`^\\s*${value}\\s*$`) })
      .waitFor();

  it('opens after the sign-in of staff, and counts what comes in while it is looked at', async () => {
    await list('Failed, last hour').waitFor();
    const before = Number(await figure('Sign-in attempts, last hour').textContent());
    let asked = 0;
    page.on('request', (request) => (asked += /\/overview\//.test(request.url()) ? 1 : 0));
    await record(Array.from({ length: 7 }, () => anAttempt({ reason: 'wrong_code' })));
    await shows('Failed, last hour', '7');
    await record([anAttempt({ outcome: 'challenge', reason: undefined, subject: 'mia@example.com' })]);
    await shows('Asked for a second factor', '1');
    await shows('Sign-in attempts, last hour', String(before + 8));
    // The counts came with the frames: nothing was asked for each of them.
    expect(asked).toBeLessThanOrEqual(2);
    await page.getByRole('heading', { level: 1, name: /7 failed in the last hour; 1 were asked/ }).waitFor();
  });

  it('narrows everything by a row, in the address bar, and back takes it off again', async () => {
    await record([
      anAttempt({
        ip: '81.2.69.142',
        subject: 'sam@example.com',
        reason: 'wrong_password',
        occurredAt: minutesAgo(20),
      }),
      anAttempt({ ip: '10.1.2.3', subject: 'sam@example.com', reason: 'wrong_password', occurredAt: minutesAgo(21) }),
      anAttempt({ ip: '81.2.69.142', occurredAt: new Date(Date.now() - 30 * HOUR_MS).toISOString() }),
    ]);
    await page.reload();
    await list('Addresses').getByRole('link', { name: '81.2.69.142', exact: true }).click();
    await page.waitForURL('**/overview?ip=81.2.69.142');
    await page.getByText('address is 81.2.69.142').waitFor();
    await shows('Failed, last hour', '1');
    await list('People').getByRole('link', { name: 'Sam Okafor', exact: true }).click();
    await page.waitForURL(/overview\?ip=81\.2\.69\.142&person=/);
    await page.getByText('person is Sam Okafor').waitFor();
    await page.goBack();
    await page.getByText('person is Sam Okafor').waitFor({ state: 'detached' });
    expect(path()).toBe('/overview?ip=81.2.69.142');
    await page.getByRole('button', { name: '7 days' }).click();
    await page.waitForURL('**/overview?ip=81.2.69.142&period=7d');
    await page.getByRole('link', { name: '2 attempts', exact: true }).waitFor();
    await page.keyboard.press('x');
    await page.waitForURL('**&compare=off');
    expect(await page.getByText(/vs last/).count()).toBe(0);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.waitForURL('**/overview?period=7d&compare=off');
  });

  it('leads from a number to exactly its attempts, and names what has no place', async () => {
    await page.goto(`${url}/overview`);
    const number = list('Failed, by reason').getByRole('link', { name: /attempts: Wrong code$/ });
    expect(await number.textContent()).toBe('7');
    await number.click();
    await page.waitForURL('**/live?outcome=failed&reason=wrong_code&from=*');
    await page.locator('[data-position="6"]').waitFor();
    expect(await page.locator('[data-position="7"]').count()).toBe(0);
    await page.goBack();
    await list('Countries').getByRole('link', { name: 'No place known', exact: true }).click();
    await page.getByText('country is not known').waitFor();
    await page.getByRole('list', { name: 'Places' }).getByText('No place known').waitFor();
  });

  it('is a page of lists and tables for whoever sees no pictures, by keys alone, and on a phone', async () => {
    await page.goto(`${url}/live`);
    await page.locator('[data-position="0"]').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.waitForURL('**/overview');
    await list('Addresses').getByRole('link').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollHeight - window.innerHeight')).toBe(0);
    expect(await page.getByRole('img', { name: /^World map: attempts from \d+ place/ }).count()).toBe(1);
    expect(await page.getByRole('img', { name: /per hour|nothing known/ }).count()).toBe(4);
    await page.getByRole('button', { name: 'Show Failed, last hour by hour as a table' }).press('Enter');
    await page.getByRole('cell', { name: /, not over$/ }).waitFor();
    await page.getByRole('button', { name: 'as a list' }).click();
    const found = await lookAt(page, 'the overview', [390, 320]);
    await page.getByRole('button', { name: 'as a map' }).click();
    found.push(...(await lookAt(page, 'the overview with its map', [390])));
    await page.goto(`${url}/overview?country=AQ&colour=red`);
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByText('not understood: colour=red').waitFor();
    found.push(...(await lookAt(page, 'the overview of nothing')));
    expect(found).toEqual([]);
  });

  it('says what it could not read, and what to do', async () => {
    await page.route('**/api/v1/overview/**', (route) => route.abort());
    await page.goto(`${url}/overview?period=30d`);
    await page.getByRole('heading', { name: 'The last hour could not be read.' }).waitFor();
    await page.unroute('**/api/v1/overview/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await list('Applications').getByRole('link', { name: 'Webmail', exact: true }).waitFor();
    expect(trouble).toEqual([]);
  });
});
