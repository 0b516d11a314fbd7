import { randomUUID } from 'node:crypto';
import { confineSessions } from '../../../server/authentication/confine-sessions.js';
import type { FactorRequired } from '../../../server/contracts/factors.js';
import { addPerson, Browser, codeOf, forgetSteps, turnOnTotp, withPassword } from '../../support/factors.js';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';

const TRUST = '/api/v1/me/devices/trust';
type Who = { email: string; password: string };

describe('ways round the second factor, on two servers', () => {
  let gatehouse: Gatehouse;
  let urls: [string, string];

  beforeAll(async () => {
    // With a worker, as only a judged sign-in may spare the second factor.
    gatehouse = await startGatehouse({ servers: 2 });
    urls = gatehouse.urls as [string, string];
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const sql = <T = unknown>(text: string, values: unknown[] = []): Promise<T[]> =>
    gatehouse.database.query<T[]>(text, values);
  const person = (name: string) => addPerson(gatehouse, `${name}@example.com`);
  const idOf = async ({ email }: Who): Promise<string> =>
    (await sql<{ id: string }>('SELECT id FROM people WHERE email = $1', [email]))[0]!.id;
  const signInFully = async (browser: Browser, who: Who, secret: string): Promise<void> => {
    await forgetSteps(gatehouse, who.email);
    expect(await browser.signIn(who)).toBe('factor_required');
    expect(await browser.factor(codeOf(secret))).toBe('signed_in');
  };
  /** Does something while a change to a person isn't committed yet, so that what is done waits for it. */
  const during = async <T>(change: string, id: string, act: () => Promise<T>): Promise<T> => {
    const { answer } = await gatehouse.database.transaction(async (tx) => {
      await tx.query(change, [id]);
      const [here] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      const acted = act();
      await eventually(async () => {
        const [waits] = await sql<{ waiting: number }>(
          `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY(pg_blocking_pids(pid))`,
          [here!.pid],
        );
        return waits!.waiting > 0;
      }, 'it waits for the change');
      // Wrapped, as a transaction would wait for what waits for it.
      return { answer: acted };
    });
    return answer;
  };

  it('is no device that was trusted before there was a second factor', async () => {
    const sam = await person('sam');
    const intruder = new Browser(urls[1]);
    expect(await intruder.signIn(sam)).toBe('signed_in');
    expect((await intruder.client.call('POST', TRUST, {})).body).toMatchObject({ code: 'trust_not_allowed' });
    // As a version before this one let it.
    await sql(`UPDATE devices SET trusted_until = now() + interval '9 days' WHERE person_id = $1`, [await idOf(sam)]);
    const owner = new Browser(urls[0]);
    await owner.signIn(sam);
    await turnOnTotp(owner.client);
    expect(await intruder.signIn(sam)).toBe('factor_required');
  });

  it('is no key of an app that was shown to somebody else before', async () => {
    const zoe = await person('zoe');
    const [owner, intruder] = [await ApiClient.signedIn(urls[0], zoe), await ApiClient.signedIn(urls[1], zoe)];
    const begin = async (client: ApiClient): Promise<string> =>
      (await client.call<{ secret: string }>('POST', '/api/v1/me/factors/totp', {})).body.secret;
    const known = await begin(intruder);
    const { secret } = await turnOnTotp(owner);
    expect(secret).not.toBe(known);
    const half = await withPassword(urls[1], zoe);
    const answer = await half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(known) });
    expect(answer.status).toBe(401);
    // What the intruder began is over: it takes the factor of the owner to go on.
    const confirm = await intruder.call('POST', '/api/v1/me/factors/totp/confirm', { code: codeOf(known) });
    expect(confirm.body).toMatchObject({ code: 'step_up_required' });
  });

  it('is no session that waited for a first factor, which somebody else set up', async () => {
    const eva = await person('eva');
    const [owner, intruder] = [await ApiClient.signedIn(urls[0], eva), await ApiClient.signedIn(urls[1], eva)];
    await sql(`UPDATE sessions SET confined_to = 'factor_set_up' WHERE person_id = $1`, [await idOf(eva)]);
    await turnOnTotp(owner);
    await confineSessions(gatehouse.database);
    expect((await owner.me()).confinedTo).toBeNull();
    expect((await intruder.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
  });

  it('is no trust that ends, nor a device that goes, while the password is checked', async () => {
    const lee = await person('lee');
    const desk = new Browser(urls[0]);
    await desk.signIn(lee);
    const { secret } = await turnOnTotp(desk.client);
    for (const change of ['trusted_until = NULL', 'removed_at = now()']) {
      await signInFully(desk, lee, secret);
      expect((await desk.client.call('POST', TRUST, {})).status).toBe(200);
      const id = await idOf(lee);
      const outcome = await during(`UPDATE devices SET ${change} WHERE person_id = $1`, id, () => desk.signIn(lee));
      expect(outcome).toBe(409);
      expect(await desk.signIn(lee)).toBe('factor_required');
    }
  });

  it('is no session that was ended and trusts its device a moment later', async () => {
    const ivo = await person('ivo');
    const desk = new Browser(urls[0]);
    await desk.signIn(ivo);
    await turnOnTotp(desk.client);
    const id = await idOf(ivo);
    const ended = `UPDATE sessions SET ended_at = now(), end_reason = 'policy' WHERE person_id = $1`;
    const answer = await during(ended, id, () => desk.client.call('POST', TRUST, {}));
    expect(answer.status).toBe(403);
    expect(await sql('SELECT FROM devices WHERE person_id = $1 AND trusted_until IS NOT NULL', [id])).toEqual([]);
  });

  it('is no sign-in that began before the factor was bound', async () => {
    const kim = await person('kim');
    const id = await idOf(kim);
    const bound = `WITH person AS (SELECT id FROM people WHERE id = $1 FOR NO KEY UPDATE)
      INSERT INTO authenticators (id, person_id, kind, name, confirmed_at) SELECT '${randomUUID()}', id, 'passkey', 'Key', now() FROM person`;
    const client = new ApiClient(urls[1]);
    const answer = await during(bound, id, () => client.call('POST', '/api/v1/sign-in', kim));
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(client.cookie).toBe('');
  });

  it.each([
    ['role', `role = 'auditor'`],
    ['password', 'password_changed_at = now()'],
    ['account, which was disabled,', 'disabled_at = now()'],
  ])('is no half sign-in of another %s', async (_, change) => {
    const name = `half-${change.slice(0, 4).replace('_', '')}`;
    const uma = await person(name);
    const { secret } = await turnOnTotp(await ApiClient.signedIn(urls[0], uma));
    const id = await idOf(uma);
    const first = new ApiClient(urls[1]);
    const password = () => first.call('POST', '/api/v1/sign-in', uma);
    const begun = await during(`UPDATE people SET ${change} WHERE id = $1`, id, password);
    expect(begun.body).toMatchObject({ code: 'conflict' });
    expect(first.cookie).toBe('');

    await sql('UPDATE people SET disabled_at = NULL WHERE id = $1', [id]);
    const half = await withPassword(urls[0], uma);
    await forgetSteps(gatehouse, uma.email);
    const again = change.includes('role') ? `role = 'user'` : change;
    const code = () => half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) });
    const continued = await during(`UPDATE people SET ${again} WHERE id = $1`, id, code);
    expect(continued.body).toMatchObject({ code: 'conflict' });
    // What was shown isn't used up by a sign-in that opened nothing.
    await sql('UPDATE people SET disabled_at = NULL WHERE id = $1', [id]);
    const state = await half.call<FactorRequired>('GET', '/api/v1/sign-in');
    expect(state.body.status).toBe('factor_required');
  });
});
