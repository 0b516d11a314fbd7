import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { countHands, handsSince } from '../support/count-hands.js';
import { lookAt } from '../support/look.js';
import { browserOf } from '../support/sessions.js';
import { settleIn } from '../support/suspicion.js';

const ghost = '45.33.32.156';

describe('the console, told and looked at', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let url: string;
  let key: string;
  let sam: { id: string; email: string; password: string };
  const trouble: Trouble = [];
  const found: string[] = [];

  beforeAll(async () => {
    [gatehouse, browser] = await Promise.all([startGatehouse(), launchChromium()]);
    url = gatehouse.urls[0]!;
    key = await (await ApiClient.signedIn(url)).application('Webmail');
    const { email, password } = await addPerson(gatehouse, 'sam@example.com');
    const [row] = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [email]);
    sam = { id: row!.id, email, password };
    await settleIn(url, key, [email]);
    ({ context, page } = await signIn(browser, url, trouble));
    context.setDefaultTimeout(8_000);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const ago = (seconds: number) => ({ occurredAt: new Date(Date.now() - seconds * 1_000).toISOString() });
  const record = async (...attempts: unknown[]): Promise<void> => {
    const headers = { authorization: `Bearer ${key}` };
    const { status } = await new ApiClient(url).call('POST', '/api/v1/attempts', attempts, headers);
    expect(status).toBe(202);
    await eventually(
      async () => (await gatehouse.database.query<unknown[]>('SELECT FROM attempt_inbox')).length === 0,
      'they are scored',
    );
  };
  const address = (position: number) => page.locator(`[data-position="${position}"] [data-column="3"]`);

  it('ends all sessions of a person with one click, and asks first where there are many', async () => {
    const sessions = [await browserOf(gatehouse, { id: sam.id, role: 'user' })];
    await page.goto(`${url}/u/${sam.id}`);
    await countHands(page);
    await page.getByRole('button', { name: 'End the session', exact: true }).click();
    await eventually(async () => (await sessions[0]!.call('GET', '/api/v1/me')).status === 401, 'the session is over');
    expect(await handsSince(page)).toEqual({ clicks: 1, keys: 0 });
    for (let many = 0; many < 6; many += 1) sessions.push(await browserOf(gatehouse, { id: sam.id, role: 'user' }));
    await page.reload();
    await countHands(page);
    await page.getByRole('button', { name: 'End all 6 sessions' }).waitFor();
    await page.keyboard.press('Shift+E');
    await page
      .getByRole('dialog', { name: /^End 6 sessions of/ })
      .getByRole('button', { name: /^End/ })
      .click();
    await eventually(async () => (await sessions[6]!.call('GET', '/api/v1/me')).status === 401, 'they are over');
    expect(await handsSince(page)).toEqual({ clicks: 1, keys: 1 });
  });

  it('tells of a critical alert at once, on any page and in the title, and on the desktop where that is wanted', async () => {
    // A Chromium without windows has no desktop to tell on.
    await page.addInitScript(`
      window.told = [];
      window.Notification = class {
        static permission = 'default';
        static requestPermission = async () => (this.permission = 'granted');
        constructor(title, { body }) { told.push([title, body]); }
      };
    `);
    /** A spray that one password opens. */
    const spray = (ip: string) => [
      ...Array.from({ length: 24 }, (_, index) =>
        anAttempt({ subject: `guest${index % 12}@example.com`, ip, ...ago(60 - index) }),
      ),
      anAttempt({ subject: sam.email, ip, outcome: 'success', reason: undefined, ...ago(1) }),
    ];
    await page.goto(`${url}/live`);
    await page.getByRole('button', { name: /^Live/ }).waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('');
    await record(...spray(ghost));
    await page.getByRole('button', { name: 'Tell me on the desktop' }).click();
    await page.getByText(/^Critical alerts are told on the desktop/).waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/^Critical: /);
    const unseen = async () => Number(/^\((\d+)\) Live · Gatehouse$/.exec(await page.title())?.[1]);
    const before = await unseen();
    expect(before).toBeGreaterThan(0);
    await address(0).getByText(ghost).waitFor();

    await page.evaluate(`Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })`);
    await record(...spray('51.15.0.7'));
    await eventually(async () => (await unseen()) > before, 'it is in the title');
    const [told] = await page.evaluate<[string, string][]>('told');
    expect(told).toEqual([expect.stringMatching(/^Critical: A-\d+$/), expect.any(String)]);
    // Out of sight nothing is drawn, and everything is counted.
    expect(await address(0).textContent()).toBe(ghost);
    await page.evaluate('delete document.hidden');
    await address(0).getByText('51.15.0.7').waitFor();
    await page.getByRole('link', { name: 'Open', exact: true }).last().click();
    await eventually(async () => (await page.title()) === 'Inbox · Gatehouse', 'it is seen');
  });

  it('has list, alert and context side by side, and one after the other where there is no room', async () => {
    const alert = page.getByRole('article');
    await alert.waitFor();
    const parts = [page.getByRole('region', { name: 'Alerts' }), alert, page.getByRole('complementary')];
    const [list, detail, about] = (await Promise.all(parts.map((part) => part.boundingBox()))).map((box) => box!.x);
    expect([list! < detail!, detail! < about!]).toEqual([true, true]);
    await page.setViewportSize({ width: 800, height: 900 });
    await parts[0]!.waitFor({ state: 'hidden' });
    await alert.getByRole('link', { name: 'Inbox' }).click();
    await parts[0]!.waitFor();
    await alert.waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 1440, height: 900 });
    // How long it waits is coloured, and said, only past its time.
    expect(await page.getByText('longer than it should').count()).toBe(0);
    await gatehouse.database.query(`UPDATE alerts SET raised_at = raised_at - interval '9 hours'`);
    await page.reload();
    await page.locator('[data-alert] .late', { hasText: '9 h, longer than it should' }).first().waitFor();
  });

  it('spells a long address so that it breaks at its colons, copies it, and finds again what was looked at', async () => {
    const ip = '2001:db8:40:1f:8c:1:2:3';
    await page.goto(`${url}/ip/${ip}`);
    const copy = page.getByRole('button', { name: `Copy ${ip}` });
    await copy.click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(ip);
    expect([await copy.locator('bdi.mono').count(), await copy.locator('wbr').count()]).toEqual([1, 7]);
    for (const key of ['g', 's']) await page.keyboard.press(key);
    await page.getByRole('table').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).getByRole('option', { name: ip }).click();
    await page.waitForURL(`**/ip/${ip}`);
  });

  it('shows a person their sessions by device, and ends one with one click and all others with two', async () => {
    const { context: theirs, page: own } = await signIn(browser, url, trouble, { reducedMotion: 'reduce' }, sam.email);
    theirs.setDefaultTimeout(8_000);
    const heard: Promise<string>[] = [];
    own.on('response', (answer) => {
      if (answer.url().includes('/api/')) heard.push(answer.text().catch(() => ''));
    });
    await browserOf(gatehouse, { id: sam.id, role: 'user' });
    await own.goto(`${url}/me/sessions`);
    await own.getByRole('heading', { name: 'You are signed in on 2 devices.' }).waitFor();
    await browserOf(gatehouse, { id: sam.id, role: 'user' });
    await own.getByText('New', { exact: true }).waitFor();
    await own.getByText('New sign-in: Firefox on Linux').waitFor({ state: 'attached' });
    const [first, second] = await own.getByRole('list', { name: 'Devices that are signed in' }).locator('> li').all();
    await first!.getByText('This device').waitFor();
    expect(await first!.getByRole('button').count()).toBe(0);
    await second!.getByText(/ends in \d+ \w+ if unused/).waitFor();
    await second!
      .getByText(/active now,\s+signed in today \d\d:\d\d/)
      .first()
      .waitFor();
    await own.getByText('What is a session?').click();
    await own.getByText('One device can hold several').waitFor();
    await own.getByText('“Active” is when somebody last did something there.').waitFor();

    const out = own.getByRole('button', { name: 'Sign out Firefox on Linux' });
    const place = await out.first().boundingBox();
    await countHands(own);
    await out.first().click();
    const over = second!.getByText('Signed out just now');
    await over.waitFor();
    expect(await handsSince(own)).toEqual({ clicks: 1, keys: 0 });
    expect(Math.abs((await over.boundingBox())!.y - place!.y)).toBeLessThan(24);
    await own.getByText('Signed out Firefox on Linux').waitFor({ state: 'attached' });
    await own.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await own.getByRole('dialog').getByRole('button', { name: 'Sign out of 1 session' }).click();
    await own.getByText('Signed out of 1 session.').waitFor();
    expect(await handsSince(own)).toEqual({ clicks: 2, keys: 0 });
    expect(await own.getByRole('button', { name: 'Sign out everywhere else' }).count()).toBe(0);
    const secrets = (await theirs.cookies()).map(({ value }) => value);
    const leaked = (await Promise.all(heard)).filter((text) => secrets.some((secret) => text.includes(secret)));
    expect([heard.length > 3, secrets.length > 0, leaked, await own.evaluate('document.cookie')]).toEqual([
      true,
      true,
      [],
      '',
    ]);
    await theirs.close();
  });

  it('says how late it is elsewhere, and that the clock of the device is wrong', async () => {
    const { context: elsewhere, page: away } = await signIn(browser, url, trouble, { timezoneId: 'Asia/Singapore' });
    const zone = away.getByTitle('Show times in another zone');
    expect(await zone.textContent()).toBe('Singapore time');
    await zone.click();
    expect(await zone.textContent()).toBe('UTC');
    await zone.click();
    expect(await zone.textContent()).toBe('Singapore time');
    expect(await away.getByText(/^The clock of this device/).count()).toBe(0);
    const slow = await elsewhere.newPage();
    await slow.clock.install({ time: Date.now() - 3 * 60_000 });
    await slow.goto(`${url}/people`);
    await slow.getByText('The clock of this device is 3 min behind.').waitFor();
    found.push(...(await lookAt(slow, 'a clock that is wrong', [320, 390])));
    // What takes long is said to, and can be asked for again; before that, rows of the height to come.
    await slow.route('**/api/v1/audit?**', () => undefined, { times: 1 });
    await slow.goto(`${url}/audit`);
    await slow.getByText('Loading').waitFor({ state: 'attached' });
    await slow.clock.fastForward(8_100);
    await slow.getByText('This takes longer than usual.').waitFor();
    await slow.getByRole('button', { name: 'Ask again' }).click();
    await slow.getByRole('table').waitFor();
    await elsewhere.close();
  });

  it('leaves nothing for axe, no wider page and no trouble', async () => {
    expect(found).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });
});
