import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inCheckout } from '../../server/cli/checkout.mjs';
import { administrator } from '../support/installation.mjs';
import { withInstallation } from '../support/with-installation.mjs';
import { countLog } from './count-log.mjs';

/**
 * Ships one log into a Gatehouse of its own, twice, and compares what is there with what must be there.
 *
 * Beside a log may lie `expected-alerts.json`, a list of `{ source }`: then exactly these addresses must alert. Without it the log is
 * counted here, and each attempt must be there once and each attacking address alert.
 * @param {string} path
 * @param {(line: string) => void} say
 */
export async function proveLog(path, say) {
  const expected = await expectationOf(path);
  return withInstallation({ say }, async (installation) => {
    const { id, key } = await installation.createApplication('Log');
    const first = await ship(installation, path, key);
    await installation.untilDrained();
    const before = await contentOf(installation, id);
    const again = await ship(installation, path, key);
    await installation.untilDrained();
    const after = await contentOf(installation, id);
    return compare(expected, { first, again, before, after });
  });
}

async function expectationOf(path) {
  const counted = countLog(await readFile(path, 'utf8'));
  try {
    const listed = JSON.parse(await readFile(join(dirname(path), 'expected-alerts.json'), 'utf8'));
    return { attempts: null, sources: [...new Set(listed.map(({ source }) => source))], onlyThese: true };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { attempts: counted.attempts, sources: counted.attackers, onlyThese: false };
  }
}

/** The very command that the documentation gives. */
async function ship(installation, path, key) {
  const args = ['ship', '--file', path, '--from-start', '--url', installation.urls[0], '--json'];
  const state = join(installation.dataDir, 'ship-position.json');
  const child = spawn(process.execPath, [inCheckout('server/cli/gatehouse.mjs'), ...args, '--state', state], {
    env: { ...process.env, GATEHOUSE_KEY: key },
    stdio: ['ignore', 'pipe', process.stderr],
  });
  return JSON.parse(await text(child.stdout));
}

/** What an analyst would find: stored attempts, and addresses with an alert. */
async function contentOf(installation, applicationId) {
  const alerts = await alertsOf(installation.urls[0]);
  const stored = await installation.withDatabase(async (client) => {
    const { rows } = await client.query(
      'SELECT count(*)::int AS rows, count(DISTINCT id)::int AS ids FROM attempts WHERE application_id = $1',
      [applicationId],
    );
    return rows[0];
  });
  return { ...stored, alerts: alerts.length, sources: [...new Set(alerts.map(({ ip }) => ip))].filter(Boolean) };
}

async function alertsOf(url) {
  const signIn = await fetch(`${url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  });
  const cookie = signIn.headers.get('set-cookie').split(';')[0];
  const alerts = [];
  for (let cursor = ''; cursor !== null;) {
    const after = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await fetch(`${url}/api/v1/alerts?status=all&limit=100${after}`, { headers: { cookie } });
    const { items, nextCursor } = await page.json();
    alerts.push(...items);
    cursor = nextCursor;
  }
  return alerts;
}

function compare(expected, { first, again, before, after }) {
  const known = first.recorded + first.duplicates;
  const silent = expected.sources.filter((source) => !before.sources.includes(source));
  const unexpected = expected.onlyThese ? before.sources.filter((source) => !expected.sources.includes(source)) : [];
  const wrong = [
    expected.attempts !== null && expected.attempts !== first.recorded && 'attempts counted otherwise',
    (before.rows !== first.recorded || before.ids !== before.rows) && 'attempts not stored exactly once',
    silent.length > 0 && 'attacking addresses without an alert',
    unexpected.length > 0 && 'addresses with an alert that must have none',
    (again.recorded > 0 || again.duplicates !== known) && 'recorded again',
    JSON.stringify(before) !== JSON.stringify(after) && 'changed by the same log',
  ].filter(Boolean);
  return {
    ...first,
    expectedAttempts: expected.attempts,
    stored: before.rows,
    expectedSources: expected.sources.length,
    alertingSources: before.sources.length,
    alerts: before.alerts,
    silent,
    unexpected,
    wrong,
  };
}
