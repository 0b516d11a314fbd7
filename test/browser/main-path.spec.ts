import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { anAttempt, ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

describe('the console in a browser', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let url: string;
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  it('shows an attempt without a reload, and an attack as an alert with its reasons', async () => {
    const { context, page } = await signIn(browser, url, trouble);
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
    const [watcher, victim] = [await signIn(browser, url, trouble), await signIn(browser, url, trouble)];
    await victim.page.goto(`${url}/me/sessions`);
    await victim.page.getByText('This device').first().waitFor();
    const cookies = await victim.context.cookies();
    const api = new ApiClient(url);
    api.cookie = `__Host-sid=${cookies.find(({ name }) => name === '__Host-sid')?.value ?? ''}`;
    const { sessionId } = await api.me();
    await watcher.page.goto(`${url}/sessions`);
    const ended = watcher.page.waitForResponse((answer) => answer.url().endsWith(`/sessions/${sessionId}/revoke`));
    // The newest of the others is the victim's.
    await watcher.page
      .getByRole('button', { name: /^End the session/ })
      .first()
      .click();
    const answered = await ended.then(() => Date.now());
    await victim.page
      .getByText(/signed out/i)
      .first()
      .waitFor({ timeout: 5_000 });
    expect(Date.now() - answered).toBeLessThan(1_000);
    expect((await api.call('GET', '/api/v1/me')).status).toBe(401);
    await Promise.all([watcher.context.close(), victim.context.close()]);
  });

  it('offers to end a session that began while the list of sessions was still being read', async () => {
    const { context, page } = await signIn(browser, url, trouble);
    const told = new Promise<void>((resolve) => {
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => {
          if (String(payload).includes('session.started')) resolve();
        }),
      );
    });
    // Answers with what was true before the session began, after the page was told of it.
    await page.route(/sessions\?state=live/, async (route) => {
      const before = await route.fetch();
      await told;
      await route.fulfill({ response: before });
    });
    await page.goto(`${url}/live`);
    await page.getByRole('button', { name: /^Live/ }).waitFor();
    await ApiClient.signedIn(url);
    await page.locator('[data-position="0"]', { hasText: 'Unknown browser' }).click();
    await page.getByRole('button', { name: 'End session' }).waitFor();
    await context.close();
  });

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
