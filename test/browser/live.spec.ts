import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { countHands, handsSince } from '../support/count-hands.js';
import { lookAt } from '../support/look.js';
import { settleIn } from '../support/suspicion.js';

describe('the live page, by pointer, by keys and in bad times', () => {
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
    await countHands(page);
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
    expect(await handsSince(page)).toEqual({ clicks: 1, keys: 0 });
    await pointAway();
    await page.keyboard.press('Escape');
    await handsSince(page);
    // Nobody known and no session: only the middle one is left, where it was.
    await record(guess('guest14@example.com'));
    await cell(0, 2).getByText('guest14@example.com').waitFor();
    await pointAt(cell(0, 6));
    expect(await placeOf(refuse!)).toBe(places[1]);
    await refuse!.click();
    await page.getByText(/^10\.0\.0\.\d is refused until/).waitFor();
    expect(await handsSince(page)).toEqual({ clicks: 1, keys: 0 });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/^10\.0\.0\.\d may sign in again\./).waitFor();
    expect(await handsSince(page)).toEqual({ clicks: 1, keys: 0 });
    await pointAway();

    const again = await ApiClient.signedIn(url, as(sam));
    await cell(0, 0).waitFor();
    await cell(0, 2).getByText(sam.email.split('@')[0]!).first().waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await handsSince(page);
    await page.keyboard.press('e');
    await eventually(async () => (await again.call('GET', '/api/v1/me')).status === 401, 'the session is over');
    expect(await handsSince(page)).toEqual({ clicks: 0, keys: 1 });
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
    expect(await handsSince(page)).toEqual({ clicks: 0, keys: 2 });
    await pointAway();
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
});
