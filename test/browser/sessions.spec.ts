import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { type ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';
import { addPerson, browserOf } from '../support/sessions.js';

describe('the sessions of everybody', () => {
  let gatehouse: Gatehouse;
  let browser: Browser;
  let page: Page;
  let victims: (ApiClient & { sessionId: string })[];
  const trouble: Trouble = [];

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2 });
    victims = [];
    for (const name of ['abe', 'bea', 'cid']) {
      const person = { id: await addPerson(gatehouse, 'user', name), role: 'user' as const };
      for (const url of gatehouse.urls) victims.push(await browserOf(gatehouse, person, url));
    }
    browser = await launchChromium();
    ({ page } = await signIn(browser, gatehouse.urls[0]!, trouble));
    await page.goto(`${gatehouse.urls[0]!}/sessions?sort=person`);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
  }, 60_000);

  const heading = (words: string) => page.getByRole('heading', { level: 1, name: words }).waitFor();
  const box = (index: number) => page.locator('[data-pick]').nth(index);
  const bar = () => page.getByRole('region', { name: 'Selected sessions' });

  it('are counted exactly, and picked by keys and by a range', async () => {
    await heading('4 people are signed in with 7 sessions.');
    // The own one can't be picked.
    expect(await page.locator('[data-pick]').count()).toBe(6);
    await box(0).focus();
    await page.keyboard.press('x');
    await bar().getByText('1 session selected').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await bar().getByRole('button', { name: 'End 3 sessions of 2 people…' }).waitFor();
    await page.keyboard.press('Escape');
    await bar().waitFor({ state: 'detached' });
    await box(1).click();
    await box(4).click({ modifiers: ['Shift'] });
    await bar().getByRole('button', { name: 'End 4 sessions of 3 people…' }).waitFor();
    expect(await lookAt(page, 'sessions, four selected', [390, 320])).toEqual([]);
  });

  it('end together, each told apart from what had ended before', async () => {
    // Somebody signs out while the question is read.
    const gone = victims[2];
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'End 4 sessions of 3 people?' });
    await dialog.getByLabel('Reason, for the receipt').fill('lost laptops');
    await gatehouse.database.query('UPDATE sessions SET ended_at = now(), end_reason = $2 WHERE id = $1', [
      gone!.sessionId,
      'signed_out',
    ]);
    await dialog.getByRole('button', { name: 'End 4 sessions of 3 people' }).click();
    await page.getByText(/^Ended 3 sessions\. 1 session had ended already\.$/).waitFor();
    await heading('3 people are signed in with 3 sessions.');
    expect(await page.getByRole('cell', { name: 'Had ended already' }).count()).toBe(1);
    await page.getByRole('link', { name: 'Receipt' }).first().click();
    await page
      .getByRole('heading', { level: 1, name: /ended 3 sessions .* every server confirmed it within \d+ ms/ })
      .waitFor();
    await page.getByText('“lost laptops”').waitFor();
    expect(await page.getByText(/^refuses it/).count()).toBe(2);
  });

  it('that have ended lead to their receipt', async () => {
    await page.goto(`${gatehouse.urls[0]!}/sessions?state=ended&text=cid`);
    await heading('1 session of 1 person ended in the last 28 days.');
    await page
      .getByRole('row', { name: /cid.*ended by staff/ })
      .getByRole('link', { name: 'Receipt' })
      .waitFor();
    expect(await lookAt(page, 'ended sessions', [390, 320])).toEqual([]);
    expect(trouble).toEqual([]);
  });
});
