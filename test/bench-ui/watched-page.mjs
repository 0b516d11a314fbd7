import { setTimeout as wait } from 'node:timers/promises';
import { percentile, round } from '../bench/statistics.mjs';

/** Notes in the page how long its frames take and which tasks are long. Text, so that no bundler rewrites it. */
const WATCH_FRAMES = `(() => {
  const watch = { frames: [], long: [], on: true };
  const observer = new PerformanceObserver((list) => watch.long.push(...list.getEntries().map((entry) => entry.duration)));
  observer.observe({ type: 'longtask' });
  let last;
  const frame = (at) => {
    if (last !== undefined) watch.frames.push(at - last);
    last = at;
    if (watch.on) requestAnimationFrame(frame);
    else observer.disconnect();
  };
  requestAnimationFrame(frame);
  window.benchWatch = watch;
})()`;

/** Notes in the page when each text of a form first appears in an element of a kind. */
const watchTexts = (selector, pattern) => `(() => {
  const seen = new Map();
  const look = () => {
    for (const element of document.querySelectorAll(${JSON.stringify(selector)})) {
      const found = ${pattern}.exec(element.textContent);
      if (found && !seen.has(found[0])) seen.set(found[0], Date.now());
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.benchSeen = seen;
})()`;

/** A page of the console whose work is measured from outside. */
export class WatchedPage {
  /** @param {import('playwright-core').Page} page */
  static async of(page) {
    const protocol = await page.context().newCDPSession(page);
    await protocol.send('Performance.enable');
    return new WatchedPage(page, protocol);
  }

  constructor(page, protocol) {
    this.page = page;
    this.protocol = protocol;
  }

  /** Slows the page's processor down. @param {number} times 1 is its own speed */
  slowDown(times) {
    return this.protocol.send('Emulation.setCPUThrottlingRate', { rate: times });
  }

  /** How the page fares for a while. @param {number} seconds */
  async fare(seconds) {
    await this.page.evaluate(WATCH_FRAMES);
    const before = await this.#metrics();
    await wait(seconds * 1_000);
    const after = await this.#metrics();
    const { frames, long } = await this.page.evaluate('(benchWatch.on = false, benchWatch)');
    return {
      longTasks: long.length,
      mainThreadShare: round((after.TaskDuration - before.TaskDuration) / (after.Timestamp - before.Timestamp), 3),
      frameP95Ms: percentile(frames, 0.95),
    };
  }

  /** Memory that is in use after everything unused was given back, in MB. */
  async heapMb() {
    await this.protocol.send('HeapProfiler.collectGarbage');
    return (await this.#metrics()).JSHeapUsedSize / 1e6;
  }

  /** From now on notes when texts first appear. @param {string} selector @param {RegExp} pattern */
  noteTexts(selector, pattern) {
    return this.page.evaluate(watchTexts(selector, String(pattern)));
  }

  /** When each text appeared, in milliseconds since 1970. @returns {Promise<Map<string, number>>} */
  async seenTexts() {
    return new Map(await this.page.evaluate('[...benchSeen]'));
  }

  async #metrics() {
    const { metrics } = await this.protocol.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}
