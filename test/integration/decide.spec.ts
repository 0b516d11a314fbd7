import { readFile } from 'node:fs/promises';
import type { Assessment, AssessmentDetail } from '../../server/contracts/decisions.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

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
    gatehouse = await startGatehouse({ servers: 2, workers: 2 });
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
    expect(await call('POST', DECIDE, body)).toMatchObject({
      status: 200,
      body: { level: expect.any(String) as string },
    });
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
  });
});
