import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.mjs';
import { signIn, type Trouble } from '../support/console.js';
import { ApiClient } from '../support/gatehouse.js';
import { lookAt } from '../support/look.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../support/mail-server.js';
import { browserOf } from '../support/sessions.js';
import { breakIn, settleIn } from '../support/suspicion.js';

const [ingrid, sam, tomas] = ['ingrid@example.com', 'sam@example.com', 'tomas@example.com'] as const;

describe('the team pages of a manager, and the pages of things', () => {
  let installation: MailedGatehouse;
  let browser: Browser;
  let page: Page;
  let url: string;
  const ids: Record<string, string> = {};
  const trouble: Trouble = [];
  const found: string[] = [];

  beforeAll(async () => {
    installation = await startGatehouseWithMail();
    const { gatehouse } = installation;
    url = gatehouse.urls[0]!;
    const key = await (await ApiClient.signedIn(url)).application('Webmail');
    const line = [
      [ingrid, 'Ingrid Solheim', 'manager', null],
      [sam, 'Sam Okafor', 'user', ingrid],
      [tomas, 'Tomás <b>Leal</b>', 'user', ingrid],
    ] as const;
    for (const [email, name, role, manager] of line) {
      ids[email] = randomUUID();
      await gatehouse.database.query(
        `INSERT INTO people (id, name, email, role, manager_id, password_hash) SELECT $1, $2, $3, $4, $5, password_hash FROM people WHERE role = 'admin'`,
        [ids[email], name, email, role, manager === null ? null : ids[manager]],
      );
      await gatehouse.database.query(
        `INSERT INTO person_identifiers (value, kind, person_id) VALUES ($1, 'email', $2)`,
        [email, ids[email]],
      );
    }
    await settleIn(url, key, [sam]);
    await browserOf(gatehouse, { id: ids[sam]!, role: 'user' });
    browser = await launchChromium();
    ({ page } = await signIn(browser, url, trouble, { reducedMotion: 'reduce' }, ingrid));
    await page.goto(`${url}/team`);
    await page.getByRole('heading', { name: 'None of your 2 people needs an answer.' }).waitFor();
    await breakIn(gatehouse, key, sam);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await installation.stop();
  }, 60_000);

  const look = async (what: string, at = page): Promise<void> => {
    found.push(...(await lookAt(at, what, [320, 390])));
  };

  it('shows a new alert by itself, and takes one of three answers with a key', async () => {
    await page.getByRole('heading', { name: '1 of your 2 people needs an answer. 1 is as usual.' }).waitFor();
    await page.getByRole('heading', { name: 'Is this Sam Okafor?' }).waitFor();
    await page
      .getByRole('link', { name: /Team\s*1 open/ })
      .first()
      .waitFor();
    await look('/team with a question');
    expect(await page.getByText('45.33.32.156').count()).toBe(0);
    await page.getByRole('button', { name: 'I’ll ask them' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Ingrid Solheim asks them').waitFor();
    expect(await page.getByRole('button', { name: 'I’ll ask them' }).count()).toBe(0);
  });

  it('reminds of two-step sign-in once', async () => {
    await page.getByRole('button', { name: 'Remind Sam Okafor of two-step sign-in' }).click();
    await page.getByText('Reminded Sam Okafor by mail.').waitFor();
    await page.getByText('Off, reminded today').waitFor();
    expect(await page.getByRole('button', { name: 'Remind Sam Okafor of two-step sign-in' }).count()).toBe(0);
    await installation.mailTo(sam, 'Please turn on two-step sign-in');
  });

  it('shows a person without addresses, and with them after a reason, which the person reads', async () => {
    await page.getByRole('table').getByRole('link', { name: 'Sam Okafor' }).click();
    await page.getByRole('heading', { name: /A sign-in of Sam Okafor needs your answer/ }).waitFor();
    await page.getByText('Wrong password').first().waitFor();
    await look('/team/:user');
    expect(await page.getByText('45.33.32.156').count()).toBe(0);
    await page.getByRole('button', { name: 'Show addresses…' }).click();
    await page.getByLabel('Reason').fill('Sam asked me to check');
    await page.keyboard.press('Enter');
    await page.getByText('45.33.32.156').first().waitFor();
    await look('/team/:user with addresses');
    const { context, page: own } = await signIn(browser, url, trouble, { viewport: { width: 390, height: 844 } }, sam);
    await own.goto(`${url}/me/activity`);
    await own.getByText('Ingrid Solheim looked at your addresses and places').waitFor();
    await own.getByText('Sam asked me to check').waitFor();
    await context.close();
  });

  it('ends a session from the page of the person, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'Team' }).last().click();
    await page.getByRole('table').getByRole('link', { name: 'Sam Okafor' }).click();
    await page.getByRole('button', { name: 'End the session with Firefox on Linux' }).click();
    await page.getByText('Ended Firefox on Linux.').waitFor();
    await page.getByRole('link', { name: 'needs your answer' }).click();
    await page.getByRole('button', { name: 'Not expected: secure the account' }).click();
    await page.getByRole('heading', { name: 'None of your 2 people needs an answer.' }).waitFor();
    await page.getByText('Not expected, secured').waitFor();
    await look('/team on a phone');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('opens what a manager may see of an alert by the link of an alert, and nothing of the staff', async () => {
    await page.goto(`${url}/alerts/A-1001`);
    await page.waitForURL('**/team?alert=A-1001');
    await page.goto(`${url}/people`);
    await page
      .getByRole('heading', { name: /can’t|not/ })
      .first()
      .waitFor();
    expect(await page.getByRole('link', { name: 'Live' }).count()).toBe(0);
  });

  describe('for staff', () => {
    let staff: Page;
    beforeAll(async () => {
      ({ page: staff } = await signIn(browser, url, trouble, { reducedMotion: 'reduce' }));
    });
    const search = async (text: string): Promise<void> => {
      await staff.keyboard.press('/');
      await staff.keyboard.type(text);
      await staff.keyboard.press('Enter');
    };

    it('opens by search what was typed, by its shape', async () => {
      await staff.goto(`${url}/sessions`);
      await staff.getByRole('heading', { name: /signed in/ }).waitFor();
      await search('45.33.32.156');
      await staff.waitForURL('**/ip/45.33.32.156');
      await search('A-1001');
      await staff.waitForURL('**/alerts/*');
      await search('sam@example.com');
      await staff.waitForURL(`**/u/${ids[sam]!}`);
      await search('AS64496');
      await staff.waitForURL('**/asn/64496');
      await search('45.33.32.0/24');
      await staff.waitForURL('**/live?cidr=45.33.32.0/24');
      await search(ids[tomas]!);
      await staff.waitForURL(`**/u/${ids[tomas]!}`);
      await staff.keyboard.press('/');
      await staff.keyboard.type('webm');
      await staff.getByRole('option', { name: /Webmail/ }).waitFor();
      await look('search', staff);
      // At 320 px the box is not there, so it lost the focus.
      await staff.keyboard.press('/');
      await staff.getByRole('option', { name: /Webmail/ }).waitFor();
      await staff.keyboard.press('ArrowDown');
      await staff.keyboard.press('Enter');
      await staff.waitForURL('**/application/*');
      await staff
        .getByText(/attempts? to/)
        .first()
        .waitFor();
      await look('/application/:id', staff);
    });

    it('shows an address, refuses it with a key and lets it in with z', async () => {
      await staff.goto(`${url}/ip/45.33.32.156`);
      await staff.getByText('45.33.32.0/24').waitFor();
      await staff.getByRole('heading', { name: 'People' }).waitFor();
      await staff.keyboard.press('b');
      await staff.getByRole('heading', { name: /are refused until/ }).waitFor();
      await look('/ip/:ip', staff);
      await staff.keyboard.press('z');
      await staff.getByText('45.33.32.156 may sign in again.').waitFor();
      await staff.getByRole('button', { name: 'Refuse for 1 h' }).waitFor();
      await staff.goto(`${url}/ip/2001:db8::${'f'.repeat(4)}:1`);
      await staff.getByText('reserved range').waitFor();
      await look('/ip of IPv6', staff);
      await staff.getByRole('link', { name: 'Watch live' }).click();
      await staff.waitForURL('**/live?ip=2001:db8::ffff:1');
    });

    it('shows a card for a link that has the focus, and opens the page with Enter', async () => {
      await staff.goto(`${url}/u/${ids[sam]!}`);
      const link = staff.getByRole('table').getByRole('link', { name: '45.33.32.156' }).first();
      await link.waitFor();
      await link.focus();
      await staff.getByRole('group', { name: 'About 45.33.32.156' }).waitFor();
      await look('a card', staff);
      await link.focus();
      await staff.keyboard.press('Enter');
      await staff.waitForURL('**/ip/45.33.32.156');
    });

    it('offers what can be done with the page first, and finds the rest', async () => {
      await staff.getByText('45.33.32.0/24').waitFor();
      await staff.keyboard.press('Control+k');
      const palette = staff.getByRole('dialog', { name: 'Commands' });
      await palette.waitFor();
      const first = palette.getByRole('option').first();
      expect(await first.textContent()).toContain('Refuse 45.33.32.156 for 1 h');
      await look('palette', staff);
      await palette.getByRole('combobox').fill('tom');
      await palette.getByRole('option', { name: /tomas@example.com/ }).waitFor();
      await staff.keyboard.press('Enter');
      await staff.waitForURL(`**/u/${ids[tomas]!}`);
    });
  });

  it('leaves nothing for axe, no wider page and no trouble', () => {
    expect(found).toEqual([]);
    expect(trouble).toEqual([]);
  });
});
