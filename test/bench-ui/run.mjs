// `npm run bench:ui`: what the console costs a browser while 1,000 attempts a second arrive: real server, worker, sockets and
// headless Chromium on one machine. `-- --json` prints one JSON object and nothing else on standard output, `--minutes N` is how
// long the page stays open before its memory is looked at (10), `--only sizes,live,lighthouse` leaves the others out.
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from '../../server/cli/build.mjs';
import { install } from '../../server/cli/install.mjs';
import { Background } from '../bench/background.mjs';
import { Numbers } from '../bench/bodies.mjs';
import { enrol, makeCompany } from '../bench/company.mjs';
import { Sessions } from '../bench/signed-in.mjs';
import { SourceClock } from '../bench/source-clock.mjs';
import { round } from '../bench/statistics.mjs';
import { launchChromium } from '../support/chromium.mjs';
import { withInstallation } from '../support/with-installation.mjs';
import { installSystemPrograms } from '../support/system-programs.mjs';
import { audit } from './lighthouse.mjs';
import { Probes } from './probes.mjs';
import { measureSizes } from './script-sizes.mjs';
import { WatchedPage } from './watched-page.mjs';

const { values: asked } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
    only: { type: 'string', default: 'sizes,live,lighthouse' },
  },
});
const started = performance.now();
const say = (line) => console.error(`[${Math.round((performance.now() - started) / 1_000)} s] ${line}`);

/** Seconds that the page is watched at its own speed, and at a quarter of it. */
const WATCHED_S = 60;
const THROTTLED_S = 30;
const PROBES = { rows: 100, alerts: 30 };

/** A browser context in which a session of the administrator is open. */
const signedInContext = async (browser, sessions) => contextWith(browser, (await sessions.begin()).cookie);

async function contextWith(browser, cookie) {
  const [name, value] = cookie.split('=');
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies([
    { name, value, domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
  ]);
  return context;
}

/** Opens a page, and waits for what shows that it works. */
async function openWatched(context, address, selector) {
  const page = await context.newPage();
  await page.goto(address);
  await page.locator(selector).first().waitFor({ timeout: 60_000 });
  return WatchedPage.of(page);
}

/** The live page under load: rolled up as it shows itself, then row by row, and slowed down. */
async function measureLive(installation, sessions, key) {
  const url = installation.urls[0];
  const company = makeCompany(1);
  const from = { clock: new SourceClock(company.people.length), numbers: new Numbers() };
  const { cookie } = await sessions.begin();
  await enrol(url, cookie, company.people);
  const background = new Background(url, key, company.nextAttempt, from);
  const probes = new Probes(url, key, from);
  const browser = await launchChromium();
  background.start();
  try {
    const openedAt = performance.now();
    const live = await openWatched(await signedInContext(browser, sessions), `${url}/live`, '[data-rolled]');
    await wait(5_000);
    const first = await live.heapMb();
    const rolledUp = await live.fare(WATCHED_S);
    say(`rolled up: ${JSON.stringify(rolledUp)}`);
    await live.page.keyboard.press('r');
    await live.page.locator('[data-position]').first().waitFor();
    const rows = await live.fare(WATCHED_S);
    say(`row by row: ${JSON.stringify(rows)}`);
    const events = await probes.toRow(live, PROBES.rows);
    say(`attempt sent to row: ${JSON.stringify(events)}`);
    await live.slowDown(4);
    const throttled = await live.fare(THROTTLED_S);
    await live.slowDown(1);
    say(`at a quarter of the speed: ${JSON.stringify(throttled)}`);
    const inbox = await openWatched(await signedInContext(browser, sessions), `${url}/alerts`, 'h1');
    const alerts = await probes.toAlert(inbox, PROBES.alerts);
    say(`attempt sent to alert: ${JSON.stringify(alerts)}`);
    await inbox.page.context().close();
    await wait(Math.max(0, openedAt + Number(asked.minutes) * 60_000 - performance.now()));
    const heap = await live.heapMb();
    say(`memory of the page: ${round(first, 1)} MB at first, ${round(heap, 1)} MB after ${asked.minutes} min`);
    return {
      longTasks: rolledUp.longTasks + rows.longTasks,
      mainThreadShare: Math.max(rolledUp.mainThreadShare, rows.mainThreadShare),
      frameP95Ms: Math.max(rolledUp.frameP95Ms, rows.frameP95Ms),
      frameP95MsThrottled4x: throttled.frameP95Ms,
      heapMbAfter10Min: round(heap, 1),
      eventToVisibleP95Ms: events.p95Ms,
      alertToVisibleP95Ms: alerts.p95Ms,
    };
  } finally {
    await browser.close();
    probes.close();
    await background.stop();
    say(`beside ${background.achieved} attempts/s`);
  }
}

async function sizes(url, sessions) {
  const browser = await launchChromium();
  try {
    const figures = await measureSizes(browser, url, {
      own: await contextWith(browser, (await sessions.beginForUser()).cookie),
      staff: await signedInContext(browser, sessions),
    });
    return Object.fromEntries(Object.entries(figures).map(([name, kib]) => [name, round(kib, 1)]));
  } finally {
    await browser.close();
  }
}

async function marks(url, sessions) {
  const { cookie } = await sessions.begin();
  return audit(
    [
      { name: 'signIn', address: `${url}/sign-in` },
      { name: 'sessions', address: `${url}/me/sessions`, cookie },
      { name: 'overview', address: `${url}/overview`, cookie },
    ],
    say,
  );
}

async function measure(installation) {
  const only = new Set(asked.only.split(','));
  const sessions = await Sessions.open(installation);
  try {
    const url = installation.urls[0];
    const figures = {};
    const { key } = await installation.createApplication('Bench');
    if (only.has('sizes')) Object.assign(figures, await sizes(url, sessions));
    if (only.has('lighthouse')) figures.lighthouse = await marks(url, sessions);
    if (only.has('live')) Object.assign(figures, await measureLive(installation, sessions, key));
    return figures;
  } finally {
    await sessions.close();
  }
}

await install({ say });
await installSystemPrograms({ say });
await build({ say });
await withInstallation({ say }, async (installation) => {
  const figures = await measure(installation);
  console.log(asked.json ? JSON.stringify(figures) : JSON.stringify(figures, null, 2));
});
