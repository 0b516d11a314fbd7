import type { Browser, Page } from 'playwright-core';
import type { AlertView } from '../../server/contracts/alerts.js';
import type { Page as Listed } from '../../server/contracts/paging.js';
import type { PersonView } from '../../server/contracts/people.js';
import type { RevocationReceipt } from '../../server/contracts/sessions.js';
import { launchChromium } from '../support/chromium.mjs';
import { openPage, overflow, signIn, type Trouble } from '../support/console.js';
import { admin, anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt, lookTranslated } from '../support/look.js';

/** What is chosen or current and looks just like what beside it is not. */
const unmarked = `(() => {
  const look = (one) => { const s = getComputedStyle(one); return [s.outlineStyle, s.outlineColor, s.borderColor, s.borderStyle, s.fontWeight, s.textDecoration, s.backgroundColor].join(); };
  const found = [];
  for (const name of ['aria-current', 'aria-pressed', 'aria-selected'])
    for (const one of document.querySelectorAll('[' + name + ']:not([' + name + '="false"])')) {
      const other = [...document.querySelectorAll(one.tagName + '.' + one.classList[0])].find((each) => each.offsetParent && (!each.hasAttribute(name) || each.getAttribute(name) === 'false'));
      if (one.offsetParent && other && look(one) === look(other)) found.push(one.textContent.trim());
    }
  return found;
})()`;

describe('the console for everybody', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let url: string;
  let staff: ApiClient;
  /** Every page, with something on it. */
  let paths: string[];
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    [browser, staff] = await Promise.all([launchChromium(), ApiClient.signedIn(url)]);
    const key = await staff.application('Webmail');
    await staff.call('POST', '/api/v1/people', [{ name: 'Sam Okafor', email: 'sam@example.com', title: 'Planner' }]);
    await new ApiClient(url).call('POST', '/api/v1/attempts', attack(), { authorization: `Bearer ${key}` });
    const alert = await eventually(async () => (await alerts()).at(0), 'an alert is raised');
    const { body: people } = await staff.call<Listed<PersonView>>('GET', '/api/v1/people?search=sam');
    const other = await (await ApiClient.signedIn(url)).me();
    const { body: receipt } = await staff.call<RevocationReceipt>(
      'POST',
      `/api/v1/sessions/${other.sessionId}/revoke`,
      {},
    );
    paths = [
      ...[
        '/overview',
        '/me',
        '/me/sessions',
        '/me/activity',
        '/live',
        `/alerts/${alert.id}`,
        '/alerts?show=mine',
        '/sessions',
      ],
      `/incidents/${alert.incident!.id}`,
      ...[`/u/${people.items[0]!.id}`, `/receipts/${receipt.id}`, '/people', '/audit', '/settings'],
      ...[
        '/me/devices',
        '/settings/sign-in',
        '/settings/webhook',
        '/settings/applications',
        '/set-up',
        '/live?country=AQ',
        '/nothing/here',
      ],
    ];
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  /** Two sources with a target each, so that there is more than one attack to go through. */
  const attack = () =>
    [
      { ip: '51.15.0.7', subject: 'lee@example.com' },
      { ip: '45.33.32.156', subject: 'sam@example.com' },
    ].flatMap((about) =>
      Array.from({ length: 10 }, (_, index) =>
        anAttempt({ ...about, occurredAt: new Date(Date.now() - 20_000 + index * 900).toISOString() }),
      ),
    );
  const alerts = async (): Promise<AlertView[]> =>
    (await staff.call<Listed<AlertView>>('GET', '/api/v1/alerts')).body.items;
  const open = async (page: Page, path: string): Promise<void> => {
    await page.goto(url + path);
    await page.locator('h1').first().waitFor();
    await page.waitForTimeout(250);
  };

  it('shows every page in both themes and at any width with nothing for axe to find', async () => {
    const { context, page } = await signIn(browser, url, trouble, { reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const path of paths) {
      await open(page, path);
      found.push(...(await lookAt(page, path, [320, 390, 768])));
      found.push(...(await lookTranslated(page, path)));
    }
    await open(page, '/live');
    await page.locator('[data-position="0"]').click();
    await page.getByRole('complementary', { name: /^Attempt by/ }).waitFor();
    found.push(...(await lookAt(page, 'the panel', [])));
    await page.keyboard.press('?');
    found.push(...(await lookAt(page, 'the keys', [])));
    await context.clearCookies();
    await open(page, '/sign-in');
    found.push(...(await lookAt(page, '/sign-in')));
    expect(found).toEqual([]);
    await context.close();
  }, 300_000);

  it('prints an alert, an incident and a person as sheets: light, whole, signed, without anything to press', async () => {
    const { context, page } = await signIn(browser, url, trouble, { colorScheme: 'dark', reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const path of paths.filter((one) => /^\/(alerts\/|incidents|u\/)/.test(one))) {
      await open(page, path);
      await page.emulateMedia({ media: 'print' });
      // A4 without its margins.
      await page.setViewportSize({ width: 718, height: 1_000 });
      await page.getByText(/printed by\s+Ana, \w+, \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC/).waitFor();
      await page.locator('h1').first().waitFor();
      for (const what of ['navigation', 'banner', 'button'] as const)
        if ((await page.getByRole(what).count()) > 0) found.push(`${path}: a ${what}`);
      if ((await overflow(page)) > 0) found.push(`${path}: wider than the sheet`);
      const paper = `getComputedStyle(document.documentElement).backgroundColor`;
      if ((await page.evaluate(paper)) !== 'rgb(255, 255, 255)') found.push(`${path}: not on white`);
      const cut = `[...document.querySelectorAll('main *')].filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1).map((one) => one.className)`;
      found.push(...(await page.evaluate<string[]>(cut)).map((one) => `${path}: cut off in ${one}`));
      await page.emulateMedia({ media: 'screen' });
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(found).toEqual([]);
    await context.close();
  });

  it('shows what is chosen in forced colours, stronger edges where that is wanted, and no marks that fade without motion', async () => {
    const { context, page } = await signIn(browser, url, trouble, { forcedColors: 'active', reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const path of paths.filter((one) => /^\/(live$|alerts\/|me\/activity|overview)/.test(one))) {
      await open(page, path);
      if (path === '/live') await page.locator('[data-position="1"]').click();
      found.push(...(await page.evaluate<string[]>(unmarked)).map((one) => `${path}: ${one}`));
    }
    expect(found).toEqual([]);
    await open(page, '/live');
    await page.locator('[data-position="0"]').waitFor();
    // Whatever the marks are, without motion there are none.
    const tint = `[...document.querySelectorAll('[data-position]')].map((row) => { row.dataset.fresh = '1'; return getComputedStyle(row, '::before').backgroundColor; })`;
    await page.emulateMedia({ forcedColors: 'none', contrast: 'more' });
    expect(new Set(await page.evaluate<string[]>(tint))).toEqual(new Set(['rgba(0, 0, 0, 0)']));
    const values = `['--border', '--control', '--muted', '--text'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name))`;
    const [border, control, muted, text] = await page.evaluate<string[]>(values);
    expect([border, muted]).toEqual([control, text]);
    await context.close();
  });

  it('needs no mouse: sign in, watch, end a session, close alerts, undo', async () => {
    const { context, page } = await openPage(browser, trouble);
    const keys = async (...all: string[]): Promise<void> => {
      for (const key of all) await page.keyboard.press(key);
    };
    await page.goto(url);
    await page.locator('input:focus[autocomplete~="username"]').waitFor();
    await page.keyboard.type(admin.email);
    await keys('Tab');
    await page.keyboard.type(admin.password);
    await keys('Enter');
    await page.getByRole('navigation').first().waitFor();

    await keys('g', 'l');
    await page.getByRole('grid').waitFor();
    const victim = await ApiClient.signedIn(url);
    await page.locator('[data-position="0"]', { hasText: 'Unknown browser' }).waitFor();
    await keys('j', 'Enter');
    await page.getByRole('complementary', { name: /^Attempt by/ }).waitFor();
    await page.getByRole('button', { name: 'End session' }).waitFor();
    await keys('e');
    await eventually(async () => (await victim.call('GET', '/api/v1/me')).status === 401, 'the session is over');
    await keys('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    await keys('Escape', 'Space');
    await page.getByRole('button', { name: /^Paused/ }).waitFor();
    await keys('Space');
    await page.getByRole('button', { name: /^Live/ }).waitFor();

    await keys('g', 'a');
    const rows = page.locator('[data-alert]');
    await page.getByRole('article').waitFor();
    const count = await rows.count();
    expect(count).toBeGreaterThanOrEqual(2);
    await keys('a');
    await page.getByText(/taken by/).waitFor();
    // The key and its reason; the next one opens by itself.
    await keys('3', '4');
    await page.getByText(/is resolved: false alarm/).waitFor();
    await eventually(async () => (await rows.count()) === count - 1, 'it left the list');
    await keys('z');
    await eventually(async () => (await rows.count()) === count, 'undo brings it back');
    // All that are left, at once, from the first one down.
    await keys(...Array.from({ length: count }, () => 'k'), 'x', ...Array.from({ length: count - 1 }, () => 'Shift+J'));
    await page.getByText(`${count} alerts selected`).waitFor();
    await keys('1');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Contain/ })
      .waitFor();
    // The question names its effect, and the answer that does it has the focus.
    await keys('Enter');
    await page.getByRole('heading', { name: 'Nothing needs you.' }).waitFor();
    await page.getByText(/^The last alert was closed just now: /).waitFor();
    await page.getByText('Median time to close').waitFor();
    await page.getByRole('link', { name: 'Watch live' }).waitFor();
    expect(await alerts()).toEqual([]);
    await context.close();
  });

  it('does nothing by single keys where they are switched off, or while something is typed', async () => {
    const { context, page } = await signIn(browser, url, trouble);
    await open(page, '/live');
    await page.keyboard.press('/');
    await page.keyboard.type('g a');
    expect(new URL(page.url()).pathname).toBe('/live');
    await page.keyboard.press('Escape');
    await page.evaluate("localStorage.setItem('gatehouse.shortcuts', 'off')");
    await open(page, '/live');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForTimeout(200);
    expect(new URL(page.url()).pathname).toBe('/live');
    await context.close();
  });

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
