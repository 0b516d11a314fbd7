import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { admin, anAttempt, ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

describe('the console in a browser', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let url: string;
  const trouble: string[] = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  /** A browser of its own, signed in by hand. */
  const signIn = async (
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML/.test(message.text())) trouble.push(message.text());
    });
    await page.goto(url);
    await page.locator('input[autocomplete~="username"]').fill(admin.email);
    await page.locator('input[type="password"]').fill(admin.password);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    return { context, page };
  };

  it('shows an attempt without a reload, and an attack as an alert with its reasons', async () => {
    const { context, page } = await signIn();
    await page.goto(`${url}/live`);
    await page
      .getByRole('button', { name: /live|pause/i })
      .first()
      .waitFor();
    const staff = await ApiClient.signedIn(url);
    const key = await staff.application('Webmail');
    const record = (body: unknown) =>
      new ApiClient(url).call('POST', '/api/v1/attempts', body, { authorization: `Bearer ${key}` });
    await record(anAttempt({ subject: 'first.visitor@example.com', outcome: 'success' }));
    await page.getByText('first.visitor@example.com').first().waitFor({ timeout: 20_000 });
    await page.goto(`${url}/alerts`);
    await record(
      Array.from({ length: 10 }, (_, index) =>
        anAttempt({ ip: '51.15.0.7', occurredAt: new Date(Date.now() - 10_000 + index * 900).toISOString() }),
      ),
    );
    await page.getByText('51.15.0.7').first().waitFor({ timeout: 20_000 });
    await context.close();
  });

  it('ends a session in one browser, and the other is signed out within a second', async () => {
    const [watcher, victim] = [await signIn(), await signIn()];
    await victim.page.goto(`${url}/me/sessions`);
    await victim.page.getByText('This device').first().waitFor();
    const cookies = await victim.context.cookies();
    const api = new ApiClient(url);
    api.cookie = `__Host-sid=${cookies.find(({ name }) => name === '__Host-sid')?.value ?? ''}`;
    const { sessionId } = await api.me();
    await watcher.page.goto(`${url}/sessions`);
    const ended = watcher.page.waitForResponse((answer) => answer.url().endsWith(`/sessions/${sessionId}/revoke`));
    // The newest of the others is the victim's.
    await watcher.page.getByRole('button', { name: /^end/i }).first().click();
    const answered = await ended.then(() => Date.now());
    await victim.page
      .getByText(/signed out/i)
      .first()
      .waitFor({ timeout: 5_000 });
    expect(Date.now() - answered).toBeLessThan(1_000);
    expect((await api.call('GET', '/api/v1/me')).status).toBe(401);
    await Promise.all([watcher.context.close(), victim.context.close()]);
  });

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
