import type { Browser, BrowserContext, Page } from 'playwright-core';
import { admin } from './gatehouse.js';

/** What a browser noticed that must never be: broken content policy, uncaught errors, dialogs. */
export type Trouble = string[];

/** A browser of its own, with everything that goes wrong in it written down. */
export async function openPage(
  browser: Browser,
  trouble: Trouble,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML/.test(message.text())) trouble.push(message.text());
  });
  return { context, page };
}

/** The same, signed in by hand; everybody in the tests has the administrator's password. */
export async function signIn(
  browser: Browser,
  url: string,
  trouble: Trouble,
  options: Parameters<Browser['newContext']>[0] = {},
  email = admin.email,
): Promise<{ context: BrowserContext; page: Page }> {
  const opened = await openPage(browser, trouble, options);
  await opened.page.goto(url);
  await opened.page.getByLabel('E-mail').fill(email);
  await opened.page.locator('input[type="password"]').fill(admin.password);
  await opened.page.keyboard.press('Enter');
  await opened.page.getByRole('navigation').first().waitFor();
  return opened;
}

/** By how many pixels the page is wider than the screen. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
