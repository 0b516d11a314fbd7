import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { countHands, handsSince } from '../support/count-hands.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';
import { browserOf } from '../support/sessions.js';
import { breakIn, settleIn } from '../support/suspicion.js';

const people = ['sam', 'tom', 'uli'] as const;
const email = (name: string): string => `${name}@example.com`;

describe('the inbox, by exact clicks and keys', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let url: string;
  let key: string;
  let staff: ApiClient;
  const trouble: Trouble = [];
  const found: string[] = [];
  const count = () => handsSince(page);

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    staff = await ApiClient.signedIn(url);
    key = await staff.application('Webmail');
    for (const name of people) await addPerson(gatehouse, email(name));
    await settleIn(url, key, people.map(email));
    browser = await launchChromium();
    ({ context, page } = await signIn(browser, url, trouble, { reducedMotion: 'reduce' }));
    await page.goto(`${url}/alerts`);
    await page.getByText('Nothing needs you.').waitFor();
    await countHands(page);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const guess = async (ip: string, times: number, subject = 'nobody', shown = ip): Promise<void> => {
    // Under the pointer the list stands still.
    await page.mouse.move(800, 880);
    const at = (index: number) => new Date(Date.now() - (times - index) * 900).toISOString();
    await new ApiClient(url).call(
      'POST',
      '/api/v1/attempts',
      Array.from({ length: times }, (_, index) =>
        anAttempt({ ip, subject: email(subject), userAgent: 'curl/8.5', occurredAt: at(index) }),
      ),
      { authorization: `Bearer ${key}` },
    );
    await page.locator(`[data-alert]`, { hasText: shown }).first().waitFor({ timeout: 20_000 });
  };
  const stateOf = async (where: string): Promise<{ status: string; verdict: string | null } | undefined> => {
    const [row] = await gatehouse.database.query<{ status: string; verdict: string | null }[]>(
      `SELECT a.status, a.verdict FROM alerts a LEFT JOIN people p ON p.id = a.person_id WHERE (host(a.ip) = $1 AND a.kind <> 'suspicious-sign-in') OR (p.email = $1 AND a.kind = 'suspicious-sign-in') ORDER BY a.raised_at LIMIT 1`,
      [where],
    );
    return row;
  };
  const becomes = (where: string, status: string, verdict: string | null) =>
    eventually(async () => {
      const state = await stateOf(where);
      return state?.status === status && state.verdict === verdict;
    }, `${where} is ${status}`);
  const openRow = (text: string | RegExp) => page.locator('[data-alert][aria-current]', { hasText: text }).waitFor();
  const focusedRow = () => page.evaluate<string>(`document.activeElement?.closest('[data-alert]')?.textContent ?? ''`);
  /** The alert that is open has been read and can be acted on. */
  const ready = (text: string) => page.locator('article h1', { hasText: text }).waitFor();

  it('contains an alert by one click or one key, opens the next by itself with the focus, and undoes by z', async () => {
    await browserOf(gatehouse, { id: (await idOf('sam'))!, role: 'user' });
    await guess('203.0.113.50', 6, 'ghost1');
    await guess('203.0.113.51', 6, 'ghost2');
    await breakIn(gatehouse, key, email('sam'));
    await page.locator('[data-alert]', { hasText: /suspicious sign-in: .sam/i }).click();
    await ready('sam');
    await page.getByText(/ends 1 session of .*sam.*, demands a new password and refuses \d address/).waitFor();
    await count();
    await page.getByRole('button', { name: 'Contain' }).click();
    await becomes(email('sam'), 'resolved', 'true_positive');
    expect(await count()).toEqual({ clicks: 1, keys: 0 });
    await page.getByText(/is contained\. 1 session ended, 1 new password demanded and \d address/).waitFor();
    await page.getByText('They can sign in again.').first().waitFor();
    await eventually(async () => (await focusedRow()) !== '', 'the next alert has the focus');
    await page.keyboard.press('z');
    await becomes(email('sam'), 'in_progress', null);
    expect(await count()).toEqual({ clicks: 0, keys: 1 });
    const [demand] = await gatehouse.database.query<{ at: Date | null }[]>(
      'SELECT password_change_required_at AS at FROM people WHERE email = $1',
      [email('sam')],
    );
    expect(demand!.at).toBeNull();
    // The same by a key.
    await page.locator('[data-alert]', { hasText: /suspicious sign-in: .sam/i }).click();
    await ready('sam');
    await count();
    await page.keyboard.press('1');
    await becomes(email('sam'), 'resolved', 'true_positive');
    expect(await count()).toEqual({ clicks: 0, keys: 1 });
  });

  it('dismisses with a reason by two keys or clicks, and snoozes for an hour by two', async () => {
    await page.locator('[data-alert]', { hasText: '203.0.113.50' }).first().click();
    await ready('203.0.113.50');
    found.push(...(await lookAt(page, 'an alert', [320, 390])));
    await count();
    await page.keyboard.press('h');
    await page.getByRole('button', { name: 'For an hour', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await becomes('203.0.113.50', 'on_hold', null);
    expect(await count()).toEqual({ clicks: 0, keys: 2 });
    await page.getByText('Snoozed, return early on new evidence').waitFor();
    await openRow('203.0.113.51');
    await ready('203.0.113.51');
    await page.keyboard.press('3');
    await page.keyboard.press('2');
    await becomes('203.0.113.51', 'resolved', 'benign');
    expect(await count()).toEqual({ clicks: 0, keys: 2 });
    await page.getByText(/is resolved: harmless/).waitFor();
    await page.keyboard.press('z');
    await becomes('203.0.113.51', 'in_progress', null);
    await page.locator('[data-alert]', { hasText: '203.0.113.51' }).first().click();
    await ready('203.0.113.51');
    await count();
    await page.getByRole('button', { name: 'Snooze' }).click();
    await page.getByRole('button', { name: 'For an hour', exact: true }).click();
    await becomes('203.0.113.51', 'on_hold', null);
    expect(await count()).toEqual({ clicks: 2, keys: 0 });
    found.push(...(await lookAt(page, 'the inbox with snoozed alerts', [320, 390])));
  });

  it('selects a range, says the exact effect, and contains all with one question', async () => {
    for (const index of [1, 2, 3]) await guess(`198.51.100.6${index}`, 6, `range${index}`);
    await page.locator('[data-alert]', { hasText: '198.51.100.6' }).first().click();
    await ready('198.51.100.6');
    await count();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByText('3 alerts selected').waitFor();
    await page.getByText(/Contain refuses 3 addresses for an hour/).waitFor();
    found.push(...(await lookAt(page, 'the bar of selected alerts', [320])));
    await page.keyboard.press('1');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Enter');
    for (const index of [1, 2, 3]) await becomes(`198.51.100.6${index}`, 'resolved', 'true_positive');
    expect(await count()).toEqual({ clicks: 0, keys: 6 });
  });

  it('merges by m and Enter, asks by 2, notes by n, and shows who else looks', async () => {
    await page.mouse.move(800, 880);
    await breakIn(gatehouse, key, email('tom'), '45.33.32.20');
    await guess('198.51.100.70', 6, 'merge1');
    await page.locator('[data-alert]', { hasText: '198.51.100.70' }).first().click();
    await ready('198.51.100.70');
    await page.keyboard.press('m');
    await page.getByRole('region', { name: 'Merge this alert' }).getByText('uspicious sign-in').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Merged into this').waitFor();
    await page.getByText(/is part of A-\d+ now/).waitFor();
    await page.keyboard.press('z');
    await page.getByText('Merged into this').waitFor({ state: 'detached' });

    await gatehouse.database.query(`UPDATE sign_in_questions SET expires_at = expires_at - interval '1 hour'`);
    await page.keyboard.press('2');
    await page.getByText('tom is asked by mail “Was this you?”.').waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('Phoned, no answer.');
    await page.keyboard.press('Enter');
    await page.getByText('Phoned, no answer.').last().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.getByText(/taken by Ana/).waitFor();
    // The sign-in behind it has a score, and says what it would be without a reason.
    const [scored] = await gatehouse.database.query<{ id: string }[]>(
      `SELECT a.id FROM alerts a JOIN people p ON p.id = a.person_id WHERE p.email = $1 AND a.kind = 'suspicious-sign-in'`,
      [email('tom')],
    );
    const inbox = page.url();
    await page.goto(`${url}/alerts/${scored!.id}`);
    await page.getByText(/^(High|Critical) · \d+$/).waitFor();
    await page.getByText(/^It would be/).waitFor();
    await page.goto(inbox);
    await page.getByText(/taken by Ana/).waitFor();

    const who = await addPerson(gatehouse, email('bea'), 'analyst');
    const bea = await ApiClient.signedIn(url, who);
    const { context: other, page: theirs } = await signIn(browser, url, trouble, {}, who.email);
    const number = await page
      .locator('article header')
      .getByText(/^A-\d+$/)
      .textContent();
    await theirs.goto(`${url}/alerts/${number}`);
    await page.getByText(/bea.* is looking too/).waitFor();
    await theirs.getByText(/Ana.* is looking too/).waitFor();
    // Given to somebody else and back by keys; its address refused for an hour, and let in again.
    await page.bringToFront();
    await page.keyboard.press('g');
    await page
      .getByRole('region', { name: 'Give this alert to somebody' })
      .getByRole('button', { name: 'bea' })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(/A-\d+ is bea’s\./).waitFor();
    await page.keyboard.press('b');
    await page.getByText(/45\.33\.32\.20 is refused until/).waitFor();
    found.push(...(await lookAt(page, 'an alert with its sign-in', [320, 390])));
    await page.keyboard.press('z');
    await page.getByText(/45\.33\.32\.20 may sign in again/).waitFor();
    await page.getByText(/^The sign-in was let in/).waitFor();
    await page.getByRole('button', { name: 'Compromised' }).waitFor();
    // Who comes second reads who was first, and it is no error.
    await page.keyboard.press('1');
    await page
      .getByText(/is contained/)
      .first()
      .waitFor();
    const late = await bea.call('POST', `/api/v1/alerts/${(await idOfAlert(number!))!}/contain`, {});
    expect(late).toMatchObject({ status: 200, body: { earlier: { by: 'Ana' } } });
    await other.close();
  });

  it('shows how good the alerts are, and takes back what is kept quiet', async () => {
    await guess('198.51.100.80', 6, 'uli', 'uli');
    await page.locator('[data-alert]', { hasText: 'uli' }).first().click();
    await ready('failed');
    await page.keyboard.press('3');
    await page.getByLabel(/Don’t alert on this again/).check();
    await page.getByRole('button', { name: 'Known network' }).click();
    await page.getByText(/No more of this for 30 days/).waitFor();
    await page.goto(`${url}/alerts/quality`);
    await page.getByText(/alerts in 30 days, .* for 10,000 attempts/).waitFor();
    await page.getByText('Nothing came since.').first().waitFor();
    found.push(...(await lookAt(page, 'alert quality', [320, 390])));
    for (let left = await page.getByRole('button', { name: 'Alert again' }).count(); left > 0; left -= 1) {
      await page.getByRole('button', { name: 'Alert again' }).first().click();
      await eventually(
        async () => (await page.getByRole('button', { name: 'Alert again' }).count()) === left - 1,
        'one fewer is kept quiet',
      );
    }
    await page.getByText('Nothing is kept quiet').waitFor();
  });

  it('breaks no content policy, throws nothing, and is accessible at every width', async () => {
    expect(found).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  const idOf = async (name: string): Promise<string | undefined> =>
    (await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [email(name)]))[0]?.id;
  const idOfAlert = async (number: string): Promise<string | undefined> =>
    (await gatehouse.database.query<{ id: string }[]>('SELECT id FROM alerts WHERE number = $1', [number.slice(2)]))[0]
      ?.id;
});
