import { admin, anAttempt, ApiClient, eventually, type Gatehouse } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';
import { browserOf } from '../../support/sessions.js';
import { breakIn, settleIn } from '../../support/suspicion.js';

const names = ['nora', 'omar', 'pia', 'quin', 'rita'] as const;
const [nora, omar, pia, quin, rita] = names.map((name) => `${name}@example.com`) as [
  ...[string, string, string, string, string],
];

describe('"Was this you?" by mail', () => {
  let mailed: MailedGatehouse;
  let gatehouse: Gatehouse;
  let key: string;

  beforeAll(async () => {
    mailed = await startGatehouseWithMail({ servers: 2 });
    gatehouse = mailed.gatehouse;
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
    for (const email of [nora, omar, pia, quin, rita])
      await staff.call('POST', '/api/v1/people', [{ email, name: email }]);
    await gatehouse.database.query('UPDATE people SET simulated = true WHERE email = $1', [pia]);
    await settleIn(gatehouse.urls[0]!, key, [nora, omar, pia, quin, rita]);
  }, 90_000);
  afterAll(() => mailed.stop());

  const look = (token: string) => new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/sign-in-question', { token });
  const answer = (token: string, say: string, server = 0) =>
    new ApiClient(gatehouse.urls[server]!).call('POST', '/api/v1/sign-in-question/answer', { token, answer: say });
  const alertOf = async (email: string) => {
    const [row] = await gatehouse.database.query<{ id: string; status: string; verdict: string | null }[]>(
      `SELECT a.id, a.status, a.verdict FROM alerts a JOIN people p ON p.id = a.person_id WHERE kind = 'suspicious-sign-in' AND p.email = $1`,
      [email],
    );
    return row!;
  };
  const count = async (sql: string, email: string): Promise<number> => {
    const [row] = await gatehouse.database.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM ${sql} x JOIN people p ON p.id = x.person_id WHERE p.email = $1`,
      [email],
    );
    return row!.n;
  };

  it('asks once, shows what the mail said, and takes one yes that closes the alert and teaches', async () => {
    await breakIn(gatehouse, key, nora);
    const token = await mailed.tokenTo(nora, 'Was this you?');
    const shown = await look(token);
    expect(shown).toMatchObject({ status: 200, body: { application: 'Webmail', ip: '45.33.32.156' } });
    expect(Object.keys(shown.body as object).sort()).toEqual([
      'application',
      'at',
      'client',
      'expiresAt',
      'ip',
      'place',
    ]);
    expect((await look(token)).status).toBe(200);
    expect(await answer(token, 'mine')).toMatchObject({ status: 200, body: { status: 'answered' } });
    expect(await alertOf(nora)).toMatchObject({ status: 'resolved', verdict: 'benign' });
    // The failures before that sign-in, which are an alert of the same incident, were the same person.
    const open = `(SELECT person_id FROM alerts WHERE status NOT IN ('resolved', 'closed'))`;
    expect(await count(open, nora)).toBe(0);
    await eventually(async () => (await count('lessons', nora)) === 1, 'the answer is a lesson');
    expect(mailed.mail.received.filter(({ to }) => to === nora)).toHaveLength(1);
    await breakIn(gatehouse, key, nora);
    expect(await count('sign_in_questions', nora)).toBe(1);
  });

  it('leaves it open where failures came from elsewhere, too', async () => {
    const headers = { authorization: `Bearer ${key}` };
    const elsewhere = Array.from({ length: 4 }, () => anAttempt({ subject: rita, ip: '45.33.40.9' }));
    await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', elsewhere, headers);
    await breakIn(gatehouse, key, rita, '45.33.32.20');
    const token = await mailed.tokenTo(rita, 'Was this you?');
    expect(await answer(token, 'mine')).toMatchObject({ status: 200 });
    expect(await alertOf(rita)).toMatchObject({ status: 'new', verdict: null });
  });

  it('takes one of fifty answers at once, on two servers, and locks the account down', async () => {
    const [person] = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [omar]);
    const session = await browserOf(gatehouse, { id: person!.id, role: 'user' });
    await gatehouse.database.query(
      'UPDATE people SET password_hash = (SELECT password_hash FROM people WHERE email = $2) WHERE email = $1',
      [omar, admin.email],
    );
    const known = { email: omar, password: admin.password };
    await ApiClient.signedIn(gatehouse.urls[0]!, known);
    await breakIn(gatehouse, key, omar, '45.33.32.21');
    const token = await mailed.tokenTo(omar, 'Was this you?');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => answer(token, 'not_mine', index % 2)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 49 }, () => 410)]);
    for (const { headers } of answers) expect(headers.get('set-cookie')).toBeNull();
    expect((await session.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    expect(await count('sign_in_answers', omar)).toBe(1);
    const [due] = await gatehouse.database.query<{ due: boolean }[]>(
      'SELECT password_change_required_at IS NOT NULL AS due FROM people WHERE email = $1',
      [omar],
    );
    expect(due).toEqual({ due: true });
    const intruder = await new ApiClient(gatehouse.urls[1]!).call('POST', '/api/v1/sign-in', known);
    expect(intruder).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
    expect(await alertOf(omar)).toMatchObject({ status: 'new', verdict: null });
    await mailed.mailTo(omar, 'Your account was secured');
  });

  it('answers alike to a link that is forged, used or over', async () => {
    await breakIn(gatehouse, key, quin, '45.33.32.22');
    const over = await mailed.tokenTo(quin, 'Was this you?');
    const used = await mailed.tokenTo(omar, 'Was this you?');
    await gatehouse.database.query(
      `UPDATE sign_in_questions SET expires_at = now() WHERE person_id = (SELECT id FROM people WHERE email = $1)`,
      [quin],
    );
    const refusals = await Promise.all(
      [over, used, 'x'.repeat(43), ''].flatMap((token) => [
        look(token),
        answer(token, 'mine'),
        answer(token, 'not_mine'),
      ]),
    );
    const said = refusals.map(({ status, body }) => JSON.stringify({ status, ...(body as object), id: '' }));
    expect(new Set(said).size).toBe(1);
    expect(refusals[0]).toMatchObject({ status: 410, body: { code: 'link_invalid' } });
    expect((await alertOf(quin)).status).toBe('new');
  });

  it('asks nobody who is invented', async () => {
    await breakIn(gatehouse, key, pia, '45.33.32.23');
    expect(await count('sign_in_questions', pia)).toBe(0);
    expect(await count('notifications', pia)).toBe(0);
  });
});
