import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a screen is looked at: the sizes of the designs, and the narrowest screen that has to work. */
export const looks = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  'phone-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
  narrow: { viewport: { width: 320, height: 700 }, colorScheme: 'light', hasTouch: true, isMobile: true },
};

/** For pages that are read: no loss to see, and a third of a PNG. */
const WEBP_QUALITY = 86;

/** Takes pictures of screens into a folder. */
export class Camera {
  /** What a browser would have shown its developer: broken rules of the page and its errors. @type {string[]} */
  trouble = [];

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {string} folder
   * @param {string} url of the Gatehouse
   * @param {'png' | 'webp'} format
   */
  constructor(browser, folder, url, format) {
    this.browser = browser;
    this.folder = folder;
    this.url = url;
    this.format = format;
  }

  /** Signs in by hand and keeps the session for all pictures to come. @param {{ email: string, password: string }} who */
  async signIn({ email, password }) {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    await page.goto(this.url);
    await page.getByLabel('E-mail').fill(email);
    await page.locator('input[type="password"]').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    this.storageState = await context.storageState();
    await context.close();
  }

  /**
   * @param {{ name: string, path: string, prepare?: (page: import('playwright-core').Page) => Promise<void>, signedOut?: boolean }} screen
   * @param {keyof typeof looks} look
   */
  async shoot({ name, path, prepare, signedOut }, look) {
    const context = await this.browser.newContext({
      ...looks[look],
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Lisbon',
      ...(signedOut ? {} : { storageState: this.storageState }),
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.trouble.push(`${name}, ${look}: ${error.message}`));
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted/.test(message.text()))
        this.trouble.push(`${name}, ${look}: ${message.text()}`);
    });
    try {
      await page.goto(this.url + path);
      await page.locator('h1').first().waitFor();
      await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
      await prepare?.(page);
      await page.waitForTimeout(400);
      const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      if (wider > 0) this.trouble.push(`${name}, ${look}: ${wider} px wider than the screen`);
      await this.#write(page, `${name}-${look}.${this.format}`);
    } finally {
      await context.close();
    }
  }

  async #write(page, file) {
    const session = await page.context().newCDPSession(page);
    const compression = this.format === 'webp' ? { quality: WEBP_QUALITY } : {};
    const { data } = await session.send('Page.captureScreenshot', { format: this.format, ...compression });
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, file), Buffer.from(data, 'base64'));
  }
}
