import type { Browser } from 'playwright-core';
import type { Page as Listed } from '../../server/contracts/paging.js';
import type { PersonView } from '../../server/contracts/people.js';
import { launchChromium } from '../support/chromium.mjs';
import { overflow, signIn, type Trouble } from '../support/console.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

const markup = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}<svg/onload=alert(3)>';
/** In pixels: a desk and a phone. */
const widths = [1440, 390];
/** What an attacker might put where a name is expected. */
const hostile = {
  markup,
  bidi: '\u202egnp.exe\u202d \u2066admin\u2069 \u200f\u05d0\u05d1\u05d2 ',
  emoji: '👩‍👩‍👧‍👦'.repeat(20),
  controls: '\u0007\u001b[31mred\u001b[0m\r\nX-Header: 1\t\u0085\u2028\u2029',
  formula: "=cmd|' /C calc'!A0",
  stacked: `Z${'\u0335\u0321\u0489'.repeat(60)}`,
  long: 'W'.repeat(320),
  spaceless: 'https://example.com/?'.concat('%20'.repeat(80)),
};

describe('hostile strings in every field that an attacker controls', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let url: string;
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    browser = await launchChromium();
    const staff = await ApiClient.signedIn(url);
    const key = await staff.application(markup.slice(0, 80));
    await staff.call('POST', '/api/v1/people', [
      { name: 'Older than the rule', email: 'bidi@example.com', title: markup },
      { name: markup.slice(0, 120), email: 'markup@example.com', title: hostile.emoji.slice(0, 120) },
      { name: 'W'.repeat(120), email: 'long@example.com', title: 'W'.repeat(120) },
    ]);
    // Such a name is not taken any more; audit entries and alerts may hold one from before.
    await gatehouse.database.query(`UPDATE people SET name = $1 WHERE email = 'bidi@example.com'`, [hostile.bidi]);
    const record = (body: unknown) =>
      new ApiClient(url).call<{ rejected: unknown[] }>('POST', '/api/v1/attempts', body, {
        authorization: `Bearer ${key}`,
      });
    const names = [...Object.values(hostile), 'bidi@example.com', 'markup@example.com', 'long@example.com'];
    const attempts = names.flatMap((value, index) =>
      Array.from({ length: 7 }, (_, turn) =>
        anAttempt({
          subject: value.slice(0, 320),
          occurredAt: new Date(Date.now() - 30_000 + index * 1_000 + turn * 90).toISOString(),
          ip: `51.15.${index}.7`,
          reason: value.replace(/[^\x20-\x7e]/g, '?').slice(0, 64),
          userAgent: `${value}${'A'.repeat(1_024)}`.slice(0, 1_024),
          deviceId: value.slice(0, 60),
          correlationId: value.slice(0, 60),
          attributes: { [value.replace(/[^\x20-\x7e]/g, '?').slice(0, 60) || 'x']: value.slice(0, 200) },
        }),
      ),
    );
    // Whatever is refused must be refused with a reason, not by failing; the rest reaches the screens.
    for (const attempt of attempts) expect((await record(attempt)).status).toBeLessThan(500);
    await eventually(
      async () => (await staff.call<Listed<unknown>>('GET', '/api/v1/alerts')).body.items.length >= 5,
      'alerts about them',
    );
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  it('stay text on every screen, wide and narrow', async () => {
    const { context, page } = await signIn(browser, url, trouble);
    const api = await ApiClient.signedIn(url);
    const { body: people } = await api.call<Listed<PersonView>>('GET', '/api/v1/people');
    const { body: alerts } = await api.call<Listed<{ id: string }>>('GET', '/api/v1/alerts');
    const paths = [
      ...['/overview', '/live', '/alerts', '/sessions', '/people', '/audit', '/settings/applications'],
      ...people.items.map(({ id }) => `/u/${id}`),
      ...alerts.items.slice(0, 6).map(({ id }) => `/alerts/${id}`),
      `/live?subject=${encodeURIComponent(hostile.markup)}`,
      `/sessions?text=${encodeURIComponent(hostile.markup)}`,
      `/sign-in?next=${encodeURIComponent('//evil.example')}`,
    ];
    const broken: string[] = [];
    for (const path of paths) {
      await page.goto(url + path);
      await page.locator('h1').first().waitFor();
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(200);
        const by = await overflow(page);
        if (by > 0) broken.push(`${path} is ${by} px wider than ${width}`);
        const injected = await page.locator('img[src="x"], script:not([src])').count();
        if (injected > 0) broken.push(`${path} holds ${injected} foreign elements at ${width}`);
      }
      expect(new URL(page.url()).origin).toBe(url);
    }
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${url}/live`);
      for (const position of [0, 3, 6]) {
        await page.locator(`[data-position="${position}"]`).click();
        const panel = page.getByRole('complementary', { name: /^Attempt by/ });
        await panel.getByText('As it was sent').click();
        if ((await overflow(page)) > 0) broken.push(`the panel of row ${position} is wider than ${width}`);
        await page.getByRole('button', { name: 'Close' }).click();
      }
    }
    expect(broken).toEqual([]);
    await context.close();
  });

  it('break no content policy, open no dialog and throw nothing', () => {
    expect(trouble).toEqual([]);
  });
});
