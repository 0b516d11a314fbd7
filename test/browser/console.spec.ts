import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';
import { browserOf } from '../support/sessions.js';
import { settleIn } from '../support/suspicion.js';

const ghost = '45.33.32.156';

describe('the console, by pointer, by keys and in bad times', () => {
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
    [gatehouse, browser] = await Promise.all([startGatehouse({ servers: 2 }), launchChromium()]);
    url = gatehouse.urls[0]!;
    key = await (await ApiClient.signedIn(url)).application('Webmail');
    const { email, password } = await addPerson(gatehouse, 'sam@example.com');
    const [row] = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [email]);
    sam = { id: row!.id, email, password };
    await settleIn(url, key, [email]);
    ({ context, page } = await signIn(browser, url, trouble));
    context.setDefaultTimeout(8_000);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await record(...Array.from({ length: 60 }, (_, index) => guess(`guest${index % 3}@example.com`, 60 - index)));
    await open('/live');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const as = ({ email, password }: { email: string; password: string }) => ({ email, password });
  const ago = (seconds: number) => ({ occurredAt: new Date(Date.now() - seconds * 1_000).toISOString() });
  /** From two addresses inside, so that sixty of them are no attack. */
  const guess = (subject: string, secondsAgo = 0) =>
    anAttempt({
      subject,
      ip: `10.0.0.${1 + (secondsAgo % 2)}`,
      outcome: 'challenge',
      reason: undefined,
      ...ago(secondsAgo),
    });
  const record = async (...attempts: unknown[]): Promise<void> => {
    const headers = { authorization: `Bearer ${key}` };
    const { status } = await new ApiClient(gatehouse.urls[1]!).call('POST', '/api/v1/attempts', attempts, headers);
    expect(status).toBe(202);
    await eventually(
      async () => (await gatehouse.database.query<unknown[]>('SELECT FROM attempt_inbox')).length === 0,
      'they are scored',
    );
  };
  const open = async (path: string): Promise<void> => {
    await page.mouse.move(700, 4);
    await page.goto(url + path);
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: /^Live|^Fixed/ }).waitFor();
  };
  const row = (position: number) => page.locator(`[data-position="${position}"]`);
  const cell = (position: number, column: number) => row(position).locator(`[data-column="${column}"]`);
  const tools = () => page.locator('[data-tools]');
  /** With steps on the way, as a hand does: a page that appears under a resting pointer is not pointed at. */
  const pointAt = async (target: Locator): Promise<void> => {
    const box = (await target.boundingBox())!;
    await page.mouse.move(box.x + 8, box.y - 6);
    await page.mouse.move(box.x + 12, box.y + box.height / 2, { steps: 3 });
  };
  const pointAway = async (): Promise<void> => {
    await page.mouse.move(700, 4, { steps: 2 });
    await tools().waitFor({ state: 'detached' });
  };
  const waiting = (many: number) => page.getByRole('button', { name: `${many} new` });
  const all = async (chip = 'All'): Promise<number> =>
    Number(/\d+/.exec((await page.getByRole('button', { name: new RegExp(`^${chip}`) }).textContent())!)![0]);

  it('shows ten minutes under a strip and a button, and everything else about one attempt beside', async () => {
    await row(0).waitFor();
    const heads = await page.getByRole('columnheader').allTextContents();
    expect(heads).toEqual([
      ...['Time', 'Outcome', 'Person', 'Address', 'Network', 'Place', 'Device', 'Application', 'Reason'],
      'Risk',
    ]);
    expect((await row(1).boundingBox())!.height).toBe(32);
    const strip = (await page.getByRole('img', { name: /attempts in 10 min/ }).boundingBox())!;
    expect(strip.y).toBeLessThan((await page.getByRole('grid').boundingBox())!.y);
    await row(2).click();
    const panel = page.getByRole('complementary', { name: /^Attempt by/ });
    await panel.getByText(/^\d+ of 100$/).waitFor();
    await panel
      .getByRole('img', { name: /Score \d+ of 100; medium from 30, high from 60, critical from 85/ })
      .waitFor();
    await panel.getByText(/^Not available: .*Place of this address/).waitFor();
    await panel.getByRole('button', { name: 'How is this computed?' }).click();
    await page
      .getByRole('dialog', { name: 'How the score is computed' })
      .getByText(/policy version \d/)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  it('stands still while one points, scrolls, selects or pauses, counts on, and says how many wait', async () => {
    await page.keyboard.press('Escape');
    const before = await all();
    // Nothing moves between the pressing and the letting go.
    await pointAt(cell(3, 7));
    const under = await row(3).textContent();
    await page.mouse.down();
    await record(guess('guest8@example.com'));
    await waiting(1).waitFor();
    expect(await row(3).textContent()).toBe(under);
    await page.mouse.up();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await pointAway();
    await waiting(1).waitFor({ state: 'detached' });
    await cell(0, 2).getByText('guest8@example.com').waitFor();

    await page.mouse.move(500, 500, { steps: 3 });
    await page.waitForTimeout(650);
    await record(guess('guest9@example.com'));
    await waiting(1).waitFor();
    await page.keyboard.press('.');
    await cell(0, 2).getByText('guest9@example.com').waitFor();
    await pointAway();

    await page.evaluate(`document.querySelector('[role="grid"]').scrollTo({ top: 400 })`);
    await record(guess('guest10@example.com'));
    await waiting(1).click();
    await cell(0, 2).getByText('guest10@example.com').waitFor();

    await page.evaluate(`getSelection().selectAllChildren(document.querySelector('[data-position="1"]'))`);
    await record(guess('guest11@example.com'));
    await waiting(1).waitFor();
    await page.evaluate(`getSelection().removeAllRanges()`);
    await waiting(1).waitFor({ state: 'detached' });

    await page.keyboard.press('Space');
    await page.getByRole('button', { name: /^Paused.*Press to: Go live/s }).waitFor();
    await record(guess('guest12@example.com'));
    await waiting(1).waitFor();
    await eventually(async () => (await all()) === before + 5, 'it is counted');
    await page.keyboard.press('Space');
    await cell(0, 2).getByText('guest12@example.com').waitFor();
    // A fresh row is marked at its edge, and comes without a movement.
    await record(guess('guest13@example.com'));
    await page.locator('[data-fresh="1"], [data-fresh="2"], [data-fresh="3"]').first().waitFor();
    const motion = `(({ animationName, transitionDuration }) => [animationName, transitionDuration])(getComputedStyle(document.querySelector('[data-position="0"]')))`;
    expect(await page.evaluate(motion)).toEqual(['none', '0s']);
  });

  it('filters, copies and counts by a cell, with a card of what it holds, by pointer and by keys', async () => {
    await pointAt(cell(1, 3));
    await tools().getByRole('group', { name: 'About 10.0.0.1' }).waitFor();
    await tools()
      .getByText(/^Last seen today/)
      .waitFor();
    found.push(...(await lookAt(page, 'the card of a row', [])));
    await tools().getByRole('button', { name: 'Top values' }).click();
    const values = tools().getByRole('list', { name: 'Top values' });
    await values.getByRole('button').nth(1).waitFor();
    const [first] = await values.getByRole('button').allTextContents();
    expect(first).toMatch(/^10\.0\.0\.1 \d+$/);
    await tools().getByRole('button', { name: 'Hide these' }).click();
    await page.waitForURL('**/live?ip!=10.0.0.1');
    expect(await page.getByRole('button', { name: 'Save as CSV' }).count()).toBe(0);
    await page.goBack();
    await page.waitForURL('**/live');
    await pointAway();

    await page.getByRole('grid').focus();
    for (const key of ['ArrowDown', ...Array.from({ length: 9 }, () => 'ArrowLeft'), 'ArrowRight', 'ArrowRight'])
      await page.keyboard.press(key);
    await page.keyboard.press('c');
    const chosen = async () => (await page.locator('#stream-cursor').textContent())!;
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await chosen());
    await page.keyboard.press('ArrowRight');
    const ip = await chosen();
    await tools()
      .getByRole('group', { name: `About ${ip}` })
      .waitFor();
    await page.keyboard.press('f');
    await page.waitForURL(`**/live?ip=${ip}`);
    await open('/live?country=AQ');
    await page.getByRole('heading', { name: 'Nothing matches 1 filter' }).waitFor();
    await page.getByRole('link', { name: 'Drop all filters' }).click();
    await row(0).waitFor();
  });

  it('ends, refuses and opens by the same three buttons at the same place, by one click or key each', async () => {
    await counting();
    const victim = await ApiClient.signedIn(url, as(sam));
    await cell(0, 2).getByText(sam.email.split('@')[0]!).first().waitFor();
    await pointAt(cell(0, 6));
    const [end, refuse, person] = ['End this session', 'Refuse this address for 1 h', 'Open the person'].map((name) =>
      row(0).locator(`[aria-label="${name}"]`),
    );
    const placeOf = async (one: Locator) => (await one.boundingBox())!.x;
    const places = await Promise.all([end!, refuse!, person!].map(placeOf));
    await end!.click();
    await eventually(async () => (await victim.call('GET', '/api/v1/me')).status === 401, 'the session is over');
    expect(await counted()).toEqual({ clicks: 1, keys: 0 });
    await pointAway();
    await page.keyboard.press('Escape');
    await counted();
    // Nobody known and no session: only the middle one is left, where it was.
    await record(guess('guest14@example.com'));
    await cell(0, 2).getByText('guest14@example.com').waitFor();
    await pointAt(cell(0, 6));
    expect(await placeOf(refuse!)).toBe(places[1]);
    await refuse!.click();
    await page.getByText(/^10\.0\.0\.\d is refused until/).waitFor();
    expect(await counted()).toEqual({ clicks: 1, keys: 0 });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/^10\.0\.0\.\d may sign in again\./).waitFor();
    expect(await counted()).toEqual({ clicks: 1, keys: 0 });
    await pointAway();

    const again = await ApiClient.signedIn(url, as(sam));
    await cell(0, 0).waitFor();
    await cell(0, 2).getByText(sam.email.split('@')[0]!).first().waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await counted();
    await page.keyboard.press('e');
    await eventually(async () => (await again.call('GET', '/api/v1/me')).status === 401, 'the session is over');
    expect(await counted()).toEqual({ clicks: 0, keys: 1 });
    await pointAt(cell(4, 3));
    await tools().getByRole('button', { name: 'Refuse for 1 h' }).waitFor();
    await page.keyboard.press('b');
    await page
      .getByText(/ is refused until/)
      .first()
      .waitFor();
    await page.keyboard.press('z');
    await page
      .getByText(/ may sign in again\./)
      .last()
      .waitFor();
    expect(await counted()).toEqual({ clicks: 0, keys: 2 });
    await pointAway();
  });

  it('ends all sessions of a person with one click, and asks first where there are many', async () => {
    const sessions = [await browserOf(gatehouse, { id: sam.id, role: 'user' })];
    await page.goto(`${url}/u/${sam.id}`);
    await counting();
    await page.getByRole('button', { name: 'End the session', exact: true }).click();
    await eventually(async () => (await sessions[0]!.call('GET', '/api/v1/me')).status === 401, 'the session is over');
    expect(await counted()).toEqual({ clicks: 1, keys: 0 });
    for (let many = 0; many < 6; many += 1) sessions.push(await browserOf(gatehouse, { id: sam.id, role: 'user' }));
    await page.reload();
    await counting();
    await page.getByRole('button', { name: 'End all 6 sessions' }).waitFor();
    await page.keyboard.press('Shift+E');
    await page
      .getByRole('dialog', { name: /^End 6 sessions of/ })
      .getByRole('button', { name: /^End/ })
      .click();
    await eventually(async () => (await sessions[6]!.call('GET', '/api/v1/me')).status === 401, 'they are over');
    expect(await counted()).toEqual({ clicks: 1, keys: 1 });
  });

  it('gives away a link that stands still, and saves exactly what is found', async () => {
    await open('/live?outcome=challenged');
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('Link copied.').waitFor();
    const link = new URL(await page.evaluate<string>('navigator.clipboard.readText()'));
    const [from, to] = ['from', 'to'].map((end) => Date.parse(link.searchParams.get(end)!));
    expect(to! - from!).toBe(600_000);
    expect(link.search).toMatch(/^\?outcome=challenged&from=\d{4}-/);
    await record(guess('guest15@example.com'));
    await page.goto(link.href);
    await page.getByRole('button', { name: /^Fixed time.*Press to: Go live/s }).waitFor();
    await row(0).waitFor();
    expect(await page.getByText('guest15@example.com').count()).toBe(0);
    const shown = await all('Challenged');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^attempts-challenge-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
    expect(lines.length - 1).toBe(shown);
    expect(lines[1]).toMatch(/\d{4}-\d\d-\d\dT[\d:.]+Z/);
    const logged = await gatehouse.database.query<unknown[]>(`SELECT FROM audit_entries WHERE action LIKE '%export%'`);
    expect(logged).toHaveLength(1);
  });

  it('says that the connection is gone, comes back by itself, and says what it caught up', async () => {
    await open('/live');
    await row(0).waitFor();
    const elsewhere = await context.newPage();
    await elsewhere.goto(`${url}/sessions`);
    await elsewhere.getByRole('table').waitFor();
    await page.bringToFront();
    const [server] = gatehouse.processes.servers;
    server!.kill('SIGTERM');
    await page.getByRole('button', { name: /^Reconnecting.*Press to: Try now/s }).waitFor();
    await record(guess('guest16@example.com'), guess('guest17@example.com'));
    const offline = page.getByRole('button', { name: /^Offline since \d\d:\d\d.*Press to: Try now/s });
    await eventually(async () => {
      await page.keyboard.press('r');
      return (await offline.count()) === 1;
    }, 'it says that it is offline');
    await page.getByRole('heading', { name: /This page lost its connection at/ }).waitFor();
    await page.getByText(/Nothing known after/).waitFor();
    found.push(...(await lookAt(page, 'live without a connection', [320])));
    await eventually(async () => {
      return (await elsewhere.getByText(/Gatehouse can’t be reached since/).count()) === 1;
    }, 'it is said elsewhere');
    await elsewhere.close();
    await gatehouse.restartServer(0, {});
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: /^Live/ }).waitFor();
    await page
      .getByText(/^Caught up \d+ attempts?/)
      .first()
      .waitFor();
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
    await open('/live');
    expect(await page.getByRole('alert').textContent()).toBe('');
    await record(...spray(ghost));
    await page.getByRole('button', { name: 'Tell me on the desktop' }).click();
    await page.getByText(/^Critical alerts are told on the desktop/).waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/^Critical: /);
    expect(await page.title()).toBe('(1) Live · Gatehouse');
    await cell(0, 3).getByText(ghost).waitFor();

    await page.evaluate(`Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })`);
    await record(...spray('51.15.0.7'));
    await eventually(async () => (await page.title()).startsWith('(2)'), 'it is in the title');
    expect(await page.evaluate('told')).toEqual([[expect.stringMatching(/^Critical: A-\d+$/), expect.any(String)]]);
    // Out of sight nothing is drawn, and everything is counted.
    expect(await cell(0, 3).textContent()).toBe(ghost);
    await page.evaluate('delete document.hidden');
    await cell(0, 3).getByText('51.15.0.7').waitFor();
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
    await counting(own);
    await out.first().click();
    const over = second!.getByText('Signed out just now');
    await over.waitFor();
    expect(await counted(own)).toEqual({ clicks: 1, keys: 0 });
    expect(Math.abs((await over.boundingBox())!.y - place!.y)).toBeLessThan(24);
    await own.getByText('Signed out Firefox on Linux').waitFor({ state: 'attached' });
    await own.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await own.getByRole('dialog').getByRole('button', { name: 'Sign out of 1 session' }).click();
    await own.getByText('Signed out of 1 session.').waitFor();
    expect(await counted(own)).toEqual({ clicks: 2, keys: 0 });
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

  it('says how much of a flood is listed, rolls it up, and shows its rows to who wants them', async () => {
    await open('/live');
    const flood = (async () => {
      for (let second = 0; second < 8; second += 1) {
        await record(...Array.from({ length: 250 }, () => guess('guest18@example.com')));
        await page.waitForTimeout(300);
      }
    })();
    await page.getByText(/^Showing \d+ of ~\d+\/s$/).waitFor();
    await page
      .getByRole('switch', { name: 'Roll up by outcome, network and person', checked: true })
      .waitFor({ timeout: 20_000 });
    await page.getByRole('region', { name: 'Attempts, rolled up' }).getByText('guest18@example.com').waitFor();
    await page.keyboard.press('r');
    await row(0).waitFor();
    await page.getByRole('switch', { checked: false }).waitFor();
    await flood;
  });

  it('leaves nothing for axe, no wider page and no trouble', async () => {
    expect(found).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  const counting = (at = page) =>
    at.evaluate(`
      window.counted = { clicks: 0, keys: 0 };
      addEventListener('click', (event) => { if (event.detail > 0) window.counted.clicks += 1; }, true);
      addEventListener('keydown', (event) => { if (event.key !== 'Shift') window.counted.keys += 1; }, true);
    `);
  /** Clicks and keys since the last count, as the page itself receives them. */
  const counted = async (at = page): Promise<{ clicks: number; keys: number }> => {
    const since = await at.evaluate<{ clicks: number; keys: number }>('({ ...window.counted })');
    await at.evaluate('window.counted = { clicks: 0, keys: 0 }');
    return since;
  };
});
