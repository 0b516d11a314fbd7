import { administrator } from '../support/installation.mjs';

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

/**
 * One try from an address that the trusted proxy names.
 * @param {string} url @param {{ email: string, password: string }} who @param {{ ip: string, cookies?: string }} from
 * @returns {Promise<{ status: number, body: string, cookies: string, ms: number }>} `cookies` for the next request
 */
export async function signIn(url, who, { ip, cookies }) {
  const began = performance.now();
  const answer = await fetch(`${url}/api/v1/sign-in`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': ip,
      'user-agent': 'Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ...(cookies === undefined ? {} : { cookie: cookies }),
    },
    body: JSON.stringify(who),
  });
  const body = await answer.text();
  const ms = performance.now() - began;
  const set = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  return { status: answer.status, body, cookies: set.join('; '), ms };
}
