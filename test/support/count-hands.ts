import type { Page } from 'playwright-core';

export type Hands = { clicks: number; keys: number };

/** Begins to count what a person does on a page, as the page itself receives it; again after each load of it. */
export async function countHands(page: Page): Promise<void> {
  await page.evaluate(`
    window.counted = { clicks: 0, keys: 0 };
    addEventListener('click', (event) => { if (event.detail > 0) window.counted.clicks += 1; }, true);
    addEventListener('keydown', (event) => { if (!['Shift', 'Control'].includes(event.key)) window.counted.keys += 1; }, true);
  `);
}

/** Clicks and keys since the last count. */
export async function handsSince(page: Page): Promise<Hands> {
  const counted = await page.evaluate<Hands>('({ ...window.counted })');
  await page.evaluate('window.counted = { clicks: 0, keys: 0 }');
  return counted;
}
