import { randomBytes } from 'node:crypto';
import { administrator } from '../support/installation.mjs';
import { SoftPasskey } from '../support/soft-passkey.mjs';

const PASSWORD = administrator.password;
/** People that may be added in one request. */
const BATCH = 100;

/**
 * Adds people who all have the password of the administrator: to hash one for each would take longer than the proof.
 * @param {import('../support/installation.mjs').Installation} installation
 * @returns {Promise<{ email: string, password: string }[]>}
 */
export async function addPeople(installation, count) {
  const { cookies } = await signIn(installation.urls[0], administrator, { ip: '84.112.1.1' });
  const people = Array.from({ length: count }, (_, index) => ({
    email: `person-${index}@example.com`,
    name: `Person ${index}`,
    role: 'user',
  }));
  for (let start = 0; start < count; start += BATCH) {
    const answer = await fetch(`${installation.urls[0]}/api/v1/people`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: cookies },
      body: JSON.stringify(people.slice(start, start + BATCH)),
    });
    if (!answer.ok) throw new Error(`Adding people answered ${answer.status}: ${await answer.text()}`);
  }
  await installation.withDatabase((client) =>
    client.query(
      `UPDATE people SET password_hash = (SELECT password_hash FROM people WHERE email = $1) WHERE password_hash IS NULL`,
      [administrator.email],
    ),
  );
  return people.map(({ email }) => ({ email, password: PASSWORD }));
}

/** Gives somebody a passkey, in a session with the password. @returns the same person with it */
export async function withPasskey(url, owner) {
  const passkey = new SoftPasskey(url);
  const { cookies } = await signIn(url, owner, { ip: '84.112.1.1' });
  const from = { ip: '84.112.1.1', cookies };
  const options = await ask(url, 'me/factors/passkeys/options', {}, from);
  const response = passkey.register(JSON.parse(options.text));
  const { status, text } = await ask(url, 'me/factors/passkeys', { name: 'Key', response }, from);
  if (status !== 200) throw new Error(`Adding a passkey answered ${status}: ${text}`);
  return { ...owner, passkey };
}

/**
 * Links of invitations that were used, as the table remembers them.
 * @param {import('../support/installation.mjs').Installation} installation
 */
export async function spendLinks(installation, count) {
  const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
  await installation.withDatabase((client) =>
    client.query(
      `INSERT INTO account_links (token_hash, purpose, person_id, expires_at, used_at, sent_to)
       SELECT sha256(token::bytea), 'invitation', p.id, now() + interval '7 days', now(), ARRAY[lower(p.email)]
       FROM unnest($1::text[]) AS token, (SELECT id, email FROM people LIMIT 1) p`,
      [tokens],
    ),
  );
  return tokens;
}

/** One try with a password. */
export const signIn = (url, { email, password }, from) => ask(url, 'sign-in', { email, password }, from);

/** One with a passkey alone, in the time of both its requests. */
export async function signInByPasskey(url, passkey, from) {
  const options = await ask(url, 'sign-in/passkey-options', {}, from);
  if (options.status !== 200) return options;
  const response = passkey.answer(JSON.parse(options.text));
  const answer = await ask(url, 'sign-in/passkey', { response }, from);
  return { ...answer, ms: options.ms + answer.ms };
}

/**
 * One request from an address that the trusted proxy names.
 * @param {string} url @param {string} path @param {object} body @param {{ ip: string, cookies?: string }} from
 * @returns {Promise<{ status: number, text: string, headers: string, cookies: string, ms: number }>} `cookies` for the next request
 */
export async function ask(url, path, body, { ip, cookies }) {
  const began = performance.now();
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': ip,
      'user-agent': 'Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ...(cookies === undefined ? {} : { cookie: cookies }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  const ms = performance.now() - began;
  const headers = [...answer.headers].filter(([name]) => name !== 'date').map((pair) => pair.join(': '));
  const set = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  return { status: answer.status, text, headers: headers.join('\n'), cookies: set.join('; '), ms };
}
