import { readFile } from 'node:fs/promises';
import type { Assessment, AssessmentDetail } from '../../server/contracts/decisions.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { settleIn } from '../support/suspicion.js';

const DECIDE = '/api/v1/decide';

/** What an application asks: an attempt without what it does not know yet. */
const aSignIn = (overrides: Record<string, unknown> = {}): Record<string, unknown> => {
  const { id: _id, outcome: _outcome, reason: _reason, ...rest } = anAttempt(overrides);
  return rest;
};

describe('decisions before a sign-in, with two servers and two workers', () => {
  let gatehouse: Gatehouse;
  let key: string;
  let other: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2, workers: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } });
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail', ['decide', 'attempts:write']);
    other = await staff.application('Wiki', ['decide', 'attempts:write']);
  });
  afterAll(() => gatehouse.stop());

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names what it expects, as the answer is JSON from outside
  const call = <T>(method: string, path: string, body?: unknown, by = key, server = 0) =>
    new ApiClient(gatehouse.urls[server]!).call<T>(method, path, body, { authorization: `Bearer ${by}` });
  const ask = (overrides?: Record<string, unknown>, server = 0) =>
    call<Assessment>('POST', DECIDE, aSignIn(overrides), key, server);

  /** The first answer in time: on a busy machine some are not. */
  const judged = (overrides?: Record<string, unknown>, server = 0) =>
    eventually(async () => {
      const { body } = await ask(overrides, server);
      return body.missing.includes('time') ? undefined : body;
    }, 'it is judged in time');

  it('judges on either server, says why, and stores it', async () => {
    for (const server of [0, 1]) {
      const body = await judged({}, server);
      expect(body).toMatchObject({ decision: 'allow', level: 'low', missing: ['history'] });
      const read = await call<AssessmentDetail>('GET', `${DECIDE}/${body.assessmentId}`);
      expect(read.body).toMatchObject({ ...body, outcome: null, attemptId: null });
    }
  });

  it('judges what is too long for a notice between server and worker', async () => {
    const body = await judged({ userAgent: '汉'.repeat(2048), deviceId: '\u0001'.repeat(256) });
    expect(body.level).toBe('low');
  });

  it('answers the example of the documentation', async () => {
    const page = await readFile(new URL('../../docs/connect.md', import.meta.url), 'utf8');
    const body = /-d '(\{.*\})'/.exec(page)?.[1];
    expect(body).toBeDefined();
    // A machine under load may answer `challenge` for want of time: then it was not judged, and has no level.
    const judged = await eventually(async () => {
      const answer = await call<Assessment>('POST', DECIDE, body);
      return answer.body.level === null ? undefined : answer;
    }, 'a judgement in time');
    expect(judged).toMatchObject({ status: 200, body: { level: expect.any(String) as string } });
  });

  it('notes the outcome once it is reported, the latest of several, and only by the application that asked', async () => {
    const { assessmentId } = await judged();
    const at = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
    const outcome = async () => (await call<AssessmentDetail>('GET', `${DECIDE}/${assessmentId}`)).body.outcome;
    await call('POST', '/api/v1/attempts', anAttempt({ assessmentId, outcome: 'success', occurredAt: at(2) }), other);
    const challenged = anAttempt({ assessmentId, outcome: 'challenge', occurredAt: at(0) });
    expect((await call('POST', '/api/v1/attempts', challenged)).body).toMatchObject({ recorded: 1 });
    await eventually(async () => (await outcome()) === 'challenge', 'the outcome is noted');
    const success = anAttempt({ assessmentId, outcome: 'success', occurredAt: at(1), reason: undefined });
    expect((await call('POST', '/api/v1/attempts', success)).body).toMatchObject({ recorded: 1 });
    expect((await call('POST', '/api/v1/attempts', success)).body).toMatchObject({ duplicates: 1 });
    await eventually(async () => (await outcome()) === 'success', 'the later outcome is noted');
    expect((await call('GET', `${DECIDE}/${assessmentId}`, undefined, other)).status).toBe(404);
  });

  it('takes no time but now, no unknown fields, and no key without the scope', async () => {
    expect((await ask({ occurredAt: '2020-01-01T00:00:00Z' })).body).toMatchObject({ code: 'invalid_request' });
    expect((await call('POST', DECIDE, anAttempt())).status).toBe(400);
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    const recorder = await staff.application('Recorder');
    expect((await call('POST', DECIDE, aSignIn(), recorder)).body).toMatchObject({ code: 'missing_scope' });
  });

  it('lets in nobody from a source that attacks', async () => {
    const ip = '185.220.101.5';
    const userAgent = 'python-requests/2.32';
    const guesses = Array.from({ length: 40 }, (_, i) =>
      anAttempt({ ip, userAgent, subject: `person${i}@example.com` }),
    );
    await call('POST', '/api/v1/attempts', guesses);
    await eventually(async () => (await judged({ ip, userAgent })).decision !== 'allow', 'it is stopped');
  });

  describe('at our own sign-in', () => {
    /** Nobody was seen there before, and it attacks. */
    const hostile = { 'x-forwarded-for': '185.220.101.9', 'user-agent': 'python-requests/2.32' };
    const recorded = (email: string) =>
      gatehouse.database.query<{ outcome: string; reason: string | null; decision: string; reported: string | null }[]>(
        `SELECT t.outcome, t.reason, a.decision, a.outcome AS reported FROM attempts t JOIN assessments a ON a.attempt_id = t.id
         WHERE t.subject = $1 ORDER BY t.id DESC`,
        [email],
      );
    const newest = (email: string, expected: Record<string, unknown>) =>
      eventually(
        async () => {
          const [row] = await recorded(email);
          return row && Object.entries(expected).every(([name, value]) => row[name as keyof typeof row] === value);
        },
        `${email}: ${JSON.stringify(expected)}`,
      );
    const signIn = async (who: { email: string; password: string }, headers: Record<string, string>) => {
      await gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'sign-in:%'`);
      const client = new ApiClient(gatehouse.urls[0]!);
      const answer = await client.call('POST', '/api/v1/sign-in', who, headers);
      const device = answer.headers.getSetCookie().find((one) => one.startsWith('__Host-device='));
      return { ...answer, client, device: device?.split(';')[0] };
    };
    const limited = async () =>
      (
        await gatehouse.database.query<{ points: number }[]>(
          `SELECT points FROM limits WHERE key LIKE 'sign-in:%' ORDER BY key`,
        )
      ).map(({ points }) => points);

    it('asks, and the last step reports what became of it', async () => {
      const lee = await addPerson(gatehouse, 'lee@example.com');
      const client = await ApiClient.signedIn(gatehouse.urls[0]!, lee);
      await newest(lee.email, { outcome: 'success', reported: 'success' });
      const { secret } = await turnOnTotp(client);
      const half = await signIn(lee, {});
      expect(half.body).toMatchObject({ status: 'factor_required' });
      await forgetSteps(gatehouse);
      await half.client.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) });
      await eventually(async () => (await recorded(lee.email)).length === 2, 'one decision, one outcome');
      await newest(lee.email, { outcome: 'success', reported: 'success' });
      await signIn({ ...lee, password: 'not the password' }, {});
      await newest(lee.email, { outcome: 'failure', reason: 'wrong_password', reported: 'failure' });
    });

    it('refuses a right password from a source that attacks like a wrong one, but on a known device asks for more', async () => {
      const kim = await addPerson(gatehouse, 'kim@example.com');
      const home = await signIn(kim, {});
      const { secret } = await turnOnTotp(home.client);
      const cookies = `${home.client.cookie}; ${home.device}`;
      await forgetSteps(gatehouse);
      await home.client.call('POST', '/api/v1/me/devices/trust', {}, { cookie: cookies });
      await settleIn(gatehouse.urls[0]!, key, [kim.email]);
      const guesses = Array.from({ length: 60 }, (_, i) =>
        anAttempt({
          ip: hostile['x-forwarded-for'],
          userAgent: hostile['user-agent'],
          subject: `name${i}@example.com`,
        }),
      );
      await call('POST', '/api/v1/attempts', guesses);
      const refused = await eventually(async () => {
        const answer = await signIn(kim, hostile);
        return answer.status === 401 && { ...answer, left: await limited() };
      }, 'the right password is refused');
      const wrong = await signIn({ ...kim, password: 'not the password' }, hostile);
      expect({ ...refused.body, id: '' }).toEqual({ ...wrong.body, id: '' });
      expect(refused.left).toEqual(await limited());
      await eventually(
        async () => (await recorded(kim.email)).some(({ reason }) => reason === 'source_attacks'),
        'it is recorded why',
      );
      const owner = await signIn(kim, { ...hostile, cookie: home.device! });
      expect(owner.body).toMatchObject({ status: 'factor_required' });
      // In another program than it was given to, trust spares nothing, so the second step is asked for anyway.
      await newest(kim.email, { outcome: 'challenge', reason: 'factor_required', decision: 'deny' });
      const trusted = await signIn(kim, { 'x-forwarded-for': hostile['x-forwarded-for'], cookie: home.device! });
      expect(trusted.body).toMatchObject({ status: 'factor_required' });
      await newest(kim.email, { outcome: 'challenge', reason: 'risk_challenge', decision: 'challenge' });
      await forgetSteps(gatehouse);
      const code = { factor: 'totp', code: codeOf(secret) };
      expect((await trusted.client.call('POST', '/api/v1/sign-in/factor', code)).status).toBe(200);
    });
  });

  it('lets others wait when too many ask at once, and answers all it took', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => ask()));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 429)).toBe(true);
    for (const { status, headers } of answers) if (status === 429) expect(headers.get('retry-after')).toBe('1');
  });

  it('goes on with another worker, and asks for more while there is none', async () => {
    const [first, second] = gatehouse.processes.workers;
    first!.kill('SIGKILL');
    await judged();
    second!.kill('SIGKILL');
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).toMatchObject({ decision: 'challenge', score: null, level: null, reasons: [], missing: ['time'] });
    await eventually(
      async () => (await call<AssessmentDetail>('GET', `${DECIDE}/${body.assessmentId}`)).body.decision === 'challenge',
      'what was told is stored',
    );
    // Nobody is locked out for it; whoever trusts a device shows the second factor as well.
    await addPerson(gatehouse, 'pat@example.com');
    expect((await ApiClient.signedIn(gatehouse.urls[0]!)).cookie).toContain('__Host-sid');
  });
});
