import type { FactorAdded, FactorRequired, FactorsView } from '../../../server/contracts/factors.js';
import { addPerson, withPassword } from '../../support/factors.js';
import { ApiClient } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';

type Session = { aal: number; amr: string[]; current: boolean };

describe('codes by e-mail, on two servers', () => {
  let installation: MailedGatehouse;
  let urls: string[];
  let sam: { email: string; password: string };
  let mails = 0;

  beforeAll(async () => {
    installation = await startGatehouseWithMail({ servers: 2 });
    urls = installation.gatehouse.urls;
    sam = await addPerson(installation.gatehouse, 'sam@example.com');
  }, 120_000);
  afterAll(() => installation.stop(), 60_000);

  const codeFromMail = async (): Promise<string> =>
    /\b\d{6}\b/.exec((await installation.mailTo(sam.email, 'Your sign-in code', mails++)).text)?.[0] ?? '';
  const another = (code: string): string => (code === '000000' ? '000001' : '000000');
  /** Sends a code for a sign-in; limits and counters are the subject of tests of their own. */
  const send = async (half: ApiClient): Promise<string> => {
    await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'code:%'`);
    const sent = await half.call('POST', '/api/v1/sign-in/factor/send', {});
    expect(sent).toMatchObject({ status: 200, body: { to: 's•••@example.com', minutes: 10 } });
    return codeFromMail();
  };
  const answer = (half: ApiClient, code: string) =>
    half.call('POST', '/api/v1/sign-in/factor', { factor: 'email', code });
  const forgetFailures = () =>
    installation.gatehouse.database.query('UPDATE authenticators SET failures = 0, retry_at = NULL');
  const ownSession = async (client: ApiClient): Promise<Session> =>
    (await client.call<{ items: Session[] }>('GET', '/api/v1/me/sessions')).body.items.find(({ current }) => current)!;

  it('are on only after the first one was typed, come with backup codes, and stay AAL1', async () => {
    const client = await ApiClient.signedIn(urls[0]!, sam);
    expect((await client.call('POST', '/api/v1/me/factors/email', {})).status).toBe(200);
    const code = await codeFromMail();
    const confirm = (typed: string) =>
      client.call<FactorAdded>('POST', '/api/v1/me/factors/email/confirm', { code: typed });
    expect((await confirm(another(code))).body).toMatchObject({ code: 'wrong_code' });
    expect((await client.call<FactorsView>('GET', '/api/v1/me/factors')).body.on).toBe(false);
    const added = await confirm(code);
    expect(added.body.factors).toMatchObject({ on: true, authenticators: [{ kind: 'email', weaker: true }] });
    expect(added.body.backupCodes).toHaveLength(10);
    expect(await ownSession(client)).toMatchObject({ aal: 1, amr: ['pwd', 'email'] });
    expect((await client.call('POST', '/api/v1/me/factors/email', {})).status).toBe(409);
  });

  it('sign in after the password, once, at either server', async () => {
    const half = await withPassword(urls[0]!, sam);
    const { options } = (await half.call<FactorRequired>('GET', '/api/v1/sign-in')).body;
    expect(options[0]).toMatchObject({ factor: 'email', name: 's•••@example.com', weaker: true });
    const code = await send(half);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const same = new ApiClient(urls[index % 2]!);
        same.cookie = half.cookie;
        return answer(same, code).then(({ status }) => ({ status, cookie: same.cookie }));
      }),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 401, 429].includes(status))).toBe(true);
    const client = new ApiClient(urls[1]!);
    client.cookie = won[0]!.cookie;
    expect(await ownSession(client)).toMatchObject({ aal: 1, amr: ['pwd', 'email'] });
  }, 60_000);

  it('count for the sign-in that asked, only the newest one, and for ten minutes', async () => {
    await forgetFailures();
    const [half, other] = [await withPassword(urls[0]!, sam), await withPassword(urls[1]!, sam)];
    const first = await send(half);
    expect((await answer(other, first)).status).toBe(401);
    const second = await send(half);
    expect((await answer(half, first)).status).toBe(first === second ? 200 : 401);
    await installation.gatehouse.database.query('UPDATE sent_codes SET expires_at = now()');
    expect((await answer(half, second)).status).toBe(401);
  });

  it('keep the count of wrong tries when another one is sent, and are sent five times in a quarter of an hour', async () => {
    await forgetFailures();
    const half = await withPassword(urls[0]!, sam);
    const code = await send(half);
    for (let wrong = 0; wrong < 5; wrong += 1) await answer(half, another(code));
    const next = await send(half);
    expect((await answer(half, next)).status).toBe(429);
    for (let more = 0; more < 4; more += 1) await half.call('POST', '/api/v1/sign-in/factor/send', {});
    expect(await half.call('POST', '/api/v1/sign-in/factor/send', {})).toMatchObject({
      status: 429,
      body: { code: 'too_many_tries' },
    });
    mails += 4;
    await forgetFailures();
  });

  it('show in no dump', async () => {
    const code = await send(await withPassword(urls[0]!, sam));
    const rows = await installation.gatehouse.database.query<{ text: string }[]>(
      `SELECT s::text AS text FROM sent_codes s UNION ALL SELECT n::text FROM notifications n`,
    );
    // Six digits turn up in times and hashes by chance, and not as a word of their own.
    expect(rows.map(({ text }) => text).join('\n')).not.toMatch(new RegExp(`(?<![\\w.])${code}(?!\\w)`));
  });

  it('can be forbidden, which shuts nobody out', async () => {
    await installation.gatehouse.database.query('UPDATE sign_in_policy SET strict = true');
    const half = await withPassword(urls[0]!, sam);
    expect((await answer(half, await send(half))).status).toBe(200);
    expect((await half.call<FactorsView>('GET', '/api/v1/me/factors')).body.allowed).toEqual(['totp', 'passkey']);
    const lee = await ApiClient.signedIn(urls[0]!, await addPerson(installation.gatehouse, 'lee@example.com'));
    expect((await lee.call('POST', '/api/v1/me/factors/email', {})).body).toMatchObject({ code: 'factor_not_allowed' });
  });
});
