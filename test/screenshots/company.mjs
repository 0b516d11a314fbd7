import { setTimeout as wait } from 'node:timers/promises';
import { administrator } from '../support/installation.mjs';

/** A month of history is sent within a minute; the first attack begins after twenty seconds and takes up to three minutes. */
const LIMIT_MS = 6 * 60_000;

/** Others of the security team, with the browsers they work in. */
const colleagues = [
  {
    name: 'Mikkel Bruun',
    email: 'mikkel@example.com',
    browser: 'Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  },
  {
    name: 'Teresa Vaz',
    email: 'teresa@example.com',
    browser: 'Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  },
  {
    name: 'Ingrid Solheim',
    email: 'ingrid@example.com',
    browser: 'Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  },
];
/** The administrator's other devices. */
const ownDevices = [
  'iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
];

/** Fills an installation with what there is to see: the simulated company, an attack on it, and people at work. */
export async function liveCompany(installation, say) {
  const [url] = installation.urls;
  const cookie = await signIn(url, administrator);
  const call = async (method, path) => (await fetch(url + path, { method, headers: { cookie } })).json();
  say('Starting the simulated company …');
  await call('POST', '/api/v1/simulation');
  for (const { name, email, browser } of colleagues) {
    await installation.createAdministrator({ name, email, password: administrator.password });
    await signIn(url, { email, password: administrator.password }, browser);
  }
  for (const browser of ownDevices) await signIn(url, administrator, browser);
  say('Waiting for an attack …');
  const deadline = Date.now() + LIMIT_MS;
  while (!(await underAttack(call))) {
    if (Date.now() > deadline) throw new Error('The simulated company was not attacked in time.');
    await wait(1_000);
  }
}

/** An attack by many attempts on many people is on screen, not only its first sign. */
async function underAttack(call) {
  const { items } = await call('GET', '/api/v1/alerts?kind=spray&limit=10');
  return items.some(
    ({ evidence, lastAt }) =>
      evidence.subjects >= 20 && evidence.successes > 0 && Date.now() - Date.parse(lastAt) < 60_000,
  );
}

async function signIn(url, { email, password }, browser = 'X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0') {
  const answer = await fetch(`${url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': `Mozilla/5.0 (${browser}` },
    body: JSON.stringify({ email, password }),
  });
  if (answer.status !== 200) throw new Error(`Signing in as ${email} got ${answer.status}.`);
  return answer.headers.get('set-cookie').split(';')[0];
}
