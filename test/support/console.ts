import type { Browser, BrowserContext, Page } from 'playwright-core';

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
