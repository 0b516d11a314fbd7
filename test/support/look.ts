import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { overflow } from './console.js';

/** Targets of 24 px, or with as much room around them: axe looks for it only when told to. */
const sizes = { 'target-size': { enabled: true } };
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Looks at a page as it is in both themes, and at the given widths, in pixels.
 * @returns what axe finds and by how much the page is too wide, each with the name of what was looked at; empty = nothing to mend
 */
export async function lookAt(page: Page, what: string, widths: readonly number[] = [320]): Promise<string[]> {
  await wear(page, 'light');
  const found = await violations(page, { type: 'tag', values: rules });
  // Only colours differ between the themes.
  await wear(page, 'dark');
  found.push(...(await violations(page, { type: 'rule', values: ['color-contrast'] })));
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  for (const width of widths) {
    await page.setViewportSize({ width, height: 720 });
    // Rows of another kind are drawn with the next frame.
    await page.waitForTimeout(100);
    const wider = await overflow(page);
    if (wider > 0) found.push(`${wider} px wider than ${width}`);
  }
  await page.setViewportSize(size);
  return found.map((finding) => `${what}: ${finding}`);
}

/** Makes each word as much longer as German is, as a page does that is translated; the page has to be opened anew after it. */
const lengthen = `
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    if (!text.parentElement.closest('script, style, bdi, .mono'))
      text.data = text.data.replaceAll(/\\p{L}{4,}/gu, (word) => word + 'x'.repeat(Math.ceil(word.length * 0.3)));
`;
/** Buttons whose words run out of them. */
const burst = `
  [...document.querySelectorAll('button, a.button')]
    .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow === 'visible')
    .map((one) => one.textContent.trim())
`;

/**
 * Looks whether a page holds words that are 30 % longer, read from the left and from the right, on a phone and on a desk.
 * @returns where it is too wide, and buttons that are too small; empty = nothing to mend
 */
export async function lookTranslated(page: Page, what: string): Promise<string[]> {
  const found: string[] = [];
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  await page.evaluate(lengthen);
  for (const direction of ['ltr', 'rtl']) {
    await page.evaluate(`document.documentElement.dir = '${direction}'`);
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(50);
      const wider = await overflow(page);
      if (wider > 0) found.push(`${wider} px wider than ${width}, ${direction}, with longer words`);
      if (direction === 'ltr')
        for (const words of await page.evaluate<string[]>(burst))
          found.push(`"${words}" runs out of its button at ${width}`);
    }
  }
  await page.setViewportSize(size);
  return found.map((finding) => `${what}: ${finding}`);
}

/** Changes the theme, and waits until it is drawn. */
async function wear(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
}

/** Runs axe in the page itself: its own driver opens a second page for each run, which takes most of the time. */
async function violations(page: Page, runOnly: axe.RunOnly): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  // Nothing is fetched again: only rules outside of these read the style sheets themselves.
  const options: axe.RunOptions = { runOnly, rules: sizes, resultTypes: ['violations'], preload: false };
  const results = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return results.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`);
}
