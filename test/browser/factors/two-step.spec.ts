import { randomBytes } from 'node:crypto';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { sha256 } from '../../../server/platform/crypto.js';
import { launchChromium } from '../../support/chromium.mjs';
import { addPerson, codeOf, forgetSteps, wrongCode } from '../../support/factors.js';
import { admin, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { loseAnswer, pressKey } from '../../support/hands.js';
import { lookAt } from '../../support/look.js';
import { type GatewayServer, startSmsGateway, twilioGateway } from '../../support/sms-gateway.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

describe('two-step sign-in in a browser', () => {
  let gatehouse: Gatehouse;
  let gateway: GatewayServer;
  let browser: Browser;
  let url: string;
  let sam: { email: string; password: string };
  let secret = '';
  let codes: string[] = [];
  const trouble: string[] = [];

  beforeAll(async () => {
    gateway = await startSmsGateway();
    gatehouse = await startGatehouse({ env: { SMS_GATEWAY_PRIVATE: '1' } });
    // Passkeys need a name; the server takes both spellings of this machine.
    url = gatehouse.urls[0]!.replace('127.0.0.1', 'localhost');
    sam = await addPerson(gatehouse, 'sam@example.com');
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await gatehouse.stop();
    await gateway.stop();
  }, 60_000);

  const open = async (
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML/.test(message.text())) trouble.push(message.text());
    });
    return { context, page };
  };
  const typePassword = async (page: Page): Promise<void> => {
    await page.goto(`${url}/sign-in`);
    await page.locator('input[autocomplete~="username"]').fill(sam.email);
    await page.locator('input[type="password"]').fill(sam.password);
    await page.keyboard.press('Enter');
  };
  const lookWith = async (page: Page, where: string): Promise<void> => {
    expect(await lookAt(page, where)).toEqual([]);
  };

  it('is set up on a phone in three steps, with reload and back on the way', async () => {
    const { context, page } = await open({ ...phone, acceptDownloads: true });
    await typePassword(page);
    await page.getByRole('navigation').first().waitFor();
    await page.goto(`${url}/me/2fa`);
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
    // A phone can't scan its own screen: the way into the app on it comes first, the picture is folded.
    const link = page.getByRole('link', { name: 'Open in your authenticator app' });
    await link.waitFor();
    await lookWith(page, 'add to the app');
    expect(await link.getAttribute('href')).toMatch(/^otpauth:\/\/totp\/Gatehouse:sam%40example\.com\?/);
    const picture = page.getByRole('img', { name: /QR code/ });
    expect(await picture.isVisible()).toBe(false);
    expect((await link.boundingBox())!.y).toBeLessThan((await page.locator('.key').boundingBox())!.y);
    await page.getByText('Show the QR code').tap();
    expect((await picture.boundingBox())!.width).toBeGreaterThanOrEqual(200);
    // Dark on white with four modules around it, in the dark theme too.
    await page.emulateMedia({ colorScheme: 'dark' });
    const code = `document.querySelector('svg[aria-label^="QR code"]')`;
    expect(await page.evaluate(`getComputedStyle(${code}).backgroundColor`)).toBe('rgb(255, 255, 255)');
    const columns = `[...${code}.firstElementChild.getAttribute('d').matchAll(/M(\\d+)/g)].map(([, column]) => Number(column))`;
    expect(Math.min(...(await page.evaluate<number[]>(columns)))).toBe(4);
    await page.emulateMedia({ colorScheme: 'light' });
    const shown = async (): Promise<string> => (await page.locator('.key').innerText()).replace(/\s/g, '');
    secret = await shown();
    await page.reload();
    await link.waitFor();
    expect(await shown()).toBe(secret);

    const next = page.getByRole('button', { name: 'Next: enter code' });
    await next.click();
    await page.getByLabel('6-digit code').waitFor();
    await page.goBack();
    await link.waitFor();
    await next.click();
    await page.getByLabel('6-digit code').pressSequentially(wrongCode(secret));
    await page.getByText('Check your phone’s clock').waitFor();
    expect(await page.evaluate('document.activeElement.getAttribute("autocomplete")')).toBe('one-time-code');
    await lookWith(page, 'wrong code');
    await page.getByLabel('6-digit code').fill(codeOf(secret));

    await page.getByText('Save your backup codes').first().waitFor();
    await lookWith(page, 'codes');
    codes = (await page.locator('ol .mono').allInnerTexts()).map((text) => text.trim());
    expect(codes).toHaveLength(10);
    expect(await page.getByRole('button', { name: 'Finish' }).isDisabled()).toBe(true);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /Download/ }).click(),
    ]);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain(codes[9]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('heading', { name: /Save your backup codes/ }).isVisible()).toBe(false);
    expect(await page.getByText('after your password choose').isVisible()).toBe(true);
    const usual = page.viewportSize()!;
    await page.setViewportSize({ width: 340, height: 700 });
    expect((await page.locator('body').innerText()).replace(/\s*Copied$/, '').trim()).toMatch(
      /^Backup codes for .*“Use a backup code”\.$/s,
    );
    await page.emulateMedia({ media: 'screen' });
    for (const name of [/^Download/, /^Cop/, /^Print/]) {
      const button = page.getByRole('button', { name });
      const [edge, label] = [await button.boundingBox(), await button.locator('.label').boundingBox()];
      expect(label!.x + label!.width).toBeLessThan(edge!.x + edge!.width);
    }
    await page.setViewportSize(usual);
    expect(file.suggestedFilename()).toMatch(/^gatehouse-backup-codes-localhost-\d{4}-\d\d-\d\d\.txt$/);
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText('Signing in takes your password and a code from your app.').waitFor();
    await page.getByText('10 of 10 backup codes left').waitFor();
    await lookWith(page, 'two-step');
    await context.close();
  }, 120_000);

  it('asks for the code, signs in on the sixth digit, and survives a reload', async () => {
    await forgetSteps(gatehouse);
    const { context, page } = await open({ ...phone, colorScheme: 'dark' });
    await typePassword(page);
    await page.getByRole('heading', { name: 'Enter the code from your app' }).waitFor();
    await lookWith(page, 'prompt');
    await page.reload();
    const field = page.getByLabel('6-digit code');
    await field.waitFor();
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
    expect(await field.getAttribute('inputmode')).toBe('numeric');
    const code = codeOf(secret);
    await page.getByLabel('Don’t ask again on this device').check();
    await page.evaluate(`document.querySelector('input[inputmode]').focus()`);
    await page.evaluate(
      `document.execCommand('insertText', false, ${JSON.stringify(`${code.slice(0, 3)} ${code.slice(3)}`)})`,
    );
    await page.getByRole('navigation').first().waitFor();
    // The device is trusted now: without its session it isn't asked again.
    await context.clearCookies({ name: '__Host-sid' });
    await typePassword(page);
    await page.getByRole('navigation').first().waitFor();
    await context.close();
  });

  it('leads to the backup codes and to the administrator, with the keyboard alone', async () => {
    const { context, page } = await open();
    await typePassword(page);
    await page.getByRole('heading', { name: 'Can’t access your device?' }).waitFor();
    await pressKey(page, 'Ask your administrator');
    await page.getByText('They check who you are').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Enter a backup code' }).waitFor();
    await page.keyboard.type(codes[0]!.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    await page.goto(`${url}/me/2fa`);
    await page.getByText('9 of 10 backup codes left').waitFor();
    await context.close();
  });

  it('goes back to the password when the sign-in took too long, and with "back"', async () => {
    const { context, page } = await open();
    await typePassword(page);
    await page.getByLabel('6-digit code').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await typePassword(page);
    await page.getByLabel('6-digit code').waitFor();
    await gatehouse.database.query('UPDATE sign_ins SET expires_at = now()');
    await page.getByLabel('6-digit code').fill('123456');
    await page.getByText('It took too long, or was finished elsewhere.').waitFor();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  it('asks to confirm before a sensitive change, and then goes on with it', async () => {
    await forgetSteps(gatehouse);
    const { context, page } = await open();
    await typePassword(page);
    await page.getByLabel('6-digit code').fill(codeOf(secret));
    await page.getByRole('navigation').first().waitFor();
    await gatehouse.database.query(`UPDATE sessions SET proved_at = now() - interval '16 minutes'`);
    await forgetSteps(gatehouse);
    const before = (await context.cookies()).find(({ name }) => name === '__Host-sid')?.value;
    await page.goto(`${url}/me/2fa`);
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await dialog.getByLabel('6-digit code').waitFor();
    await lookWith(page, 'step-up');
    await dialog.getByLabel('6-digit code').fill(codeOf(secret));
    await page.getByRole('heading', { name: 'Save your backup codes' }).waitFor();
    const after = (await context.cookies()).find(({ name }) => name === '__Host-sid')?.value;
    expect(after).not.toBe(before);
    await page.getByLabel('I have saved these codes').check();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText('10 of 10 backup codes left').waitFor();

    // Somebody who learned the password asks to recover the account: its owner reads it wherever they are, and stops it.
    await gatehouse.database.query(
      `INSERT INTO recoveries (id, person_id, ready_at, addresses) SELECT gen_random_uuid(), id, now() + interval '3 days', ARRAY[email] FROM people WHERE email = $1`,
      [sam.email],
    );
    await page.goto(`${url}/me/sessions`);
    const reminder = page.getByText('has started an account recovery');
    await reminder.waitFor();
    await lookWith(page, 'recovery-reminder');
    await page.getByRole('link', { name: 'See and cancel it' }).click();
    await page.getByRole('button', { name: 'Cancel the recovery' }).click();
    await page.getByRole('heading', { name: 'Account recovery is under way' }).waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    expect(await reminder.count()).toBe(0);
    await context.close();
  });

  it('is recovered on a phone when every device is lost: asked for, cancelled from the mail, and completed', async () => {
    const { context, page } = await open(phone);
    /** A mailed link, without waiting for mail. */
    const link = async (purpose: string): Promise<string> => {
      const token = randomBytes(32).toString('base64url');
      await gatehouse.database.query(
        `INSERT INTO account_links (token_hash, purpose, person_id, expires_at, sent_to) SELECT $1, $2, id, now() + interval '1 day', ARRAY[email] FROM people WHERE email = $3`,
        [sha256(token), purpose, sam.email],
      );
      return token;
    };
    const begin = async (): Promise<void> => {
      await typePassword(page);
      await page.getByRole('button', { name: /Start account recovery/ }).click();
      await page.getByRole('heading', { name: 'Start account recovery?' }).waitFor();
      await lookWith(page, 'recovery-start');
      await page.getByRole('button', { name: 'Start account recovery' }).click();
      await page.getByText('in 3 days').waitFor();
    };
    await begin();
    await lookWith(page, 'recovery-waiting');
    await page.reload();
    await page.getByText('s•••@example.com').waitFor();
    await page.goto(`${url}/cancel-recovery#token=${await link('cancel_recovery')}`);
    await page.getByRole('heading', { name: 'Cancel the account recovery?' }).waitFor();
    await lookWith(page, 'recovery-cancel');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Cancel the recovery' }).click();
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Cancel the recovery' }).click();
    await page.getByText('The recovery is cancelled').waitFor();
    await page.reload();
    await page.getByText('This link can’t be used').waitFor();

    await begin();
    await gatehouse.database.query(
      `UPDATE recoveries SET ready_at = now(), link_expires_at = now() + interval '1 day' WHERE ended_at IS NULL`,
    );
    await page.goto(`${url}/recover#token=${await link('recover_account')}`);
    await page.getByRole('heading', { name: 'Recover your account' }).waitFor();
    await lookWith(page, 'recovery-complete');
    await page.locator('input[autocomplete~="username"]').fill(sam.email);
    await page.locator('input[type="password"]').fill(sam.password);
    await loseAnswer(page, '/sign-in/recovery/complete');
    await page.getByRole('button', { name: 'Recover the account' }).click();
    await page.getByText('Gatehouse can’t be reached.').waitFor();
    // Done all the same: the password, which stayed, now leads on.
    await page.getByRole('button', { name: 'Recover the account' }).click();
    await page.getByRole('heading', { name: 'Set up two-step sign-in to go on.' }).waitFor();
    await lookWith(page, 'recovery-set-up');
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
    await page.getByRole('link', { name: 'Open in your authenticator app' }).waitFor();
    secret = (await page.locator('.key').innerText()).replace(/\s/g, '');
    await page.getByRole('button', { name: 'Next: enter code' }).click();
    await page.getByLabel('6-digit code').fill(codeOf(secret));
    await page.getByLabel('I have saved these codes').check();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText('10 of 10 backup codes left').waitFor();
    await context.close();
  }, 60_000);

  it('is turned off with a code of the app, and not with a wrong password', async () => {
    await forgetSteps(gatehouse);
    const { context, page } = await open();
    await typePassword(page);
    await page.getByLabel('6-digit code').fill(codeOf(secret));
    await page.getByRole('navigation').first().waitFor();
    await page.goto(`${url}/me/2fa`);
    await page.getByRole('button', { name: 'Turn two-step sign-in off' }).click();
    await page.getByLabel('Password, or a code of your app').fill('not the password of Sam');
    await page.getByRole('button', { name: 'Turn off', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await lookWith(page, 'turn off');
    await forgetSteps(gatehouse);
    await page.getByLabel('Password, or a code of your app').fill(codeOf(secret).replace(/^.../, '$& '));
    await page.getByRole('button', { name: 'Turn off', exact: true }).click();
    await page.getByText('Your password alone signs you in.').waitFor();
    await context.close();
  });

  it('takes codes by SMS from a gateway that an administrator connects', async () => {
    const { context, page } = await open();
    await page.goto(`${url}/sign-in`);
    await page.locator('input[autocomplete~="username"]').fill(admin.email);
    await page.locator('input[type="password"]').fill(admin.password);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    await page.goto(`${url}/settings/sms`);
    await page.getByText('Codes by SMS are off').waitFor();
    await page.getByLabel('Address', { exact: true }).fill(gateway.url);
    await page.getByLabel('Account SID').fill(twilioGateway(gateway.url).accountSid);
    await page.getByLabel('From', { exact: true }).fill('Gatehouse');
    await page.getByLabel('Auth token').fill('k3y');
    await page.getByRole('button', { name: 'Save the gateway' }).click();
    await page.getByText('Codes by SMS leave through').waitFor();
    await page.getByLabel('Your mobile number').fill('+49 151 2345678');
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByText('The gateway took it.').waitFor();
    await page.getByLabel('Gateway', { exact: true }).selectOption('template');
    await lookWith(page, 'SMS settings');
    await context.close();
  });

  it('verifies a number on a phone and signs in with a code that goes there', async () => {
    const { context, page } = await open(phone);
    await typePassword(page);
    await page.getByRole('navigation').first().waitFor();
    await page.goto(`${url}/me/2fa`);
    await page.getByRole('button', { name: 'Get codes by SMS' }).click();
    await page.getByLabel('Country').selectOption('DE');
    await page.getByLabel('Mobile number').fill('0151 2345678');
    await page.getByText('The code goes to +491512345678.').waitFor();
    await lookWith(page, 'number');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByLabel('6-digit code').fill(await gateway.code(1));
    await page.getByLabel('I have saved these codes').check();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText('a code by SMS (weaker)').waitFor();
    await page.getByText('Codes by SMS to +49 ••• 78').waitFor();
    await lookWith(page, 'SMS on');
    await page.context().clearCookies();
    await typePassword(page);
    await page.getByRole('heading', { name: 'Enter the code from your SMS' }).waitFor();
    await page.getByRole('button', { name: 'Send a code' }).click();
    await page.getByText('on its way by SMS to').waitFor();
    await lookWith(page, 'SMS prompt');
    await page.getByLabel('6-digit code').fill(await gateway.code(2));
    await page.getByRole('navigation').first().waitFor();
    await page.goto(`${url}/me/sessions`);
    await page.getByText('with password and code by SMS (weaker)').first().waitFor();
    await gatehouse.database.query('UPDATE backup_codes SET used_at = now()');
    await page.goto(`${url}/me`);
    await page.getByText('Codes by SMS are the only second step that you have left.').waitFor();
    await lookWith(page, 'SMS alone');
    await page.getByRole('link', { name: 'Add another way' }).click();
    await page.getByText('only an administrator can let you in').waitFor();
    await page.getByRole('button', { name: 'Change number' }).click();
    await page.getByLabel('Country').selectOption('DE');
    await page.getByLabel('Mobile number').fill('0151 7654321');
    await page.getByLabel('Password', { exact: true }).fill('not the password of Sam');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('That is not your password.').waitFor();
    await lookWith(page, 'another number');
    await page.getByLabel('Password', { exact: true }).fill(sam.password);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByLabel('6-digit code').waitFor();
    await context.close();
  });

  it('breaks no content policy and throws nothing', () => {
    expect(trouble).toEqual([]);
  });
});
