import { randomToken } from '../../../server/platform/crypto.js';
import { addPerson, turnOnTotp } from '../../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { mannWhitney } from '../../support/mann-whitney.mjs';
import { rounds } from '../../support/size.js';

/** Each try costs a password hash; `npm run prove:sign-in` compares 500 pairs. */
const PAIRS = rounds(500, 50);

describe('what a stranger learns about who has an account', () => {
  let gatehouse: Gatehouse;
  let client: ApiClient;
  let sam: { email: string };

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    client = new ApiClient(gatehouse.urls[0]!);
    const person = await addPerson(gatehouse, 'sam@example.com');
    await turnOnTotp(await ApiClient.signedIn(gatehouse.urls[0]!, person));
    sam = person;
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const tryAs = async (email: string): Promise<{ ms: number; answer: string }> => {
    await gatehouse.database.query('DELETE FROM limits');
    const started = performance.now();
    const { status, body } = await client.call('POST', '/api/v1/sign-in', { email, password: 'not the password' });
    const ms = performance.now() - started;
    return { ms, answer: JSON.stringify([status, { ...body, id: '' }]) };
  };

  it('is nothing at the password: bytes, status and time are the same for known and unknown people', async () => {
    for (let warm = 0; warm < 5; warm += 1) await tryAs('nobody@example.com');
    const times = { known: [] as number[], unknown: [] as number[] };
    const seen = new Set<string>();
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const order = pair % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const which of order) {
        const { ms, answer } = await tryAs(which === 'known' ? sam.email : `nobody${pair}@example.com`);
        times[which].push(ms);
        seen.add(answer);
      }
    }
    expect([...seen]).toHaveLength(1);
    expect(mannWhitney(times.known, times.unknown).p).toBeGreaterThan(0.001);
  }, 90_000);

  it('is nothing at the passkey: the options ask for no name and differ in the challenge alone', async () => {
    const options = async () =>
      (await client.call<{ challenge: string }>('POST', '/api/v1/sign-in/passkey-options', {})).body;
    const [one, other] = [await options(), await options()];
    expect(one.challenge).not.toBe(other.challenge);
    expect({ ...one, challenge: '' }).toEqual({ ...other, challenge: '' });
    expect(one).toMatchObject({ allowCredentials: [], userVerification: 'required' });
    const named = await client.call('POST', '/api/v1/sign-in/passkey-options', { email: sam.email });
    expect({ ...(named.body as { challenge: string }), challenge: '' }).toEqual({ ...one, challenge: '' });
  });

  it('is nothing at passkeys and links: bytes, status and time are the same for known and unknown ones', async () => {
    const pairs = rounds(500, 100);
    // Links of invitations that were used, and some that nobody ever had.
    const spent = Array.from({ length: pairs }, () => randomToken());
    await gatehouse.database.query(
      `INSERT INTO account_links (token_hash, purpose, person_id, expires_at, used_at, sent_to)
       SELECT sha256(token::bytea), 'invitation', (SELECT id FROM people WHERE email = $2), now() + interval '7 days', now(), ARRAY[$2] FROM unnest($1::text[]) AS token`,
      [spent, sam.email],
    );
    const questions = {
      'sign-in/passkey-options': (known: boolean, pair: number) => ({
        email: known ? sam.email : `nobody${pair}@example.com`,
      }),
      'password/link': (known: boolean, pair: number) => ({ token: known ? spent[pair]! : randomToken() }),
    };
    for (const [path, question] of Object.entries(questions)) {
      const times = { known: [] as number[], unknown: [] as number[] };
      const seen = new Set<string>();
      for (let pair = -10; pair < pairs; pair += 1) {
        const order = pair % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
        if (pair % 40 === 0) await gatehouse.database.query('DELETE FROM limits');
        for (const which of order) {
          const body = question(which === 'known', Math.max(0, pair));
          const started = performance.now();
          const { status, body: told } = await client.call('POST', `/api/v1/${path}`, body);
          if (pair < 0) continue;
          times[which].push(performance.now() - started);
          seen.add(JSON.stringify([status, { ...told, id: '', challenge: '' }]));
        }
      }
      expect([path, ...seen]).toHaveLength(2);
      expect(mannWhitney(times.known, times.unknown).p).toBeGreaterThan(0.001);
    }
  }, 90_000);

  it('is nothing at a half sign-in, which only who knows the password gets', async () => {
    const { body } = await client.call('POST', '/api/v1/sign-in', { email: sam.email, password: 'not the password' });
    expect(JSON.stringify(body)).not.toMatch(/factor|totp|passkey/);
  });
});
