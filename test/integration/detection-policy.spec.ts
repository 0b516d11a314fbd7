import type { AlertView } from '../../server/contracts/alerts.js';
import type { BacktestView } from '../../server/contracts/backtests.js';
import type { DetectionPolicyView, DetectionSettings } from '../../server/contracts/detection-policy.js';
import type { AuditEntry } from '../../server/contracts/operations.js';
import type { Page } from '../../server/contracts/paging.js';
import { RunBacktests } from '../../server/detection/run-backtests.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

const POLICY = '/api/v1/policies/detection';
const BACKTESTS = `${POLICY}/backtests`;

describe('the detection policy, with two workers', () => {
  let gatehouse: Gatehouse;
  let admin: ApiClient;
  let key: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 2 });
    admin = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await admin.application('Webmail');
  });
  afterAll(() => gatehouse.stop());

  const read = async () => (await admin.call<DetectionPolicyView>('GET', POLICY)).body;
  const save = async (settings: DetectionSettings, reason = 'a test of it') => {
    const { version } = await read();
    return admin.call<DetectionPolicyView>('PUT', POLICY, { settings, reason, basedOn: version });
  };
  const record = async (attempts: Record<string, unknown>[]): Promise<void> => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', attempts, headers);
    expect(answer).toMatchObject({ status: 202, body: { recorded: attempts.length } });
    await eventually(async () => {
      const [row] = await gatehouse.database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM attempt_inbox');
      return row!.n === 0;
    }, 'all is scored');
  };
  /** Seven failures within seconds from one address, each for another name. */
  const burst = (ip: string) =>
    record(
      Array.from({ length: 7 }, (_, i) =>
        anAttempt({ ip, subject: `x${i}@example.org`, outcome: 'failure', reason: 'unknown_user' }),
      ),
    );
  const alertsAbout = async (ip: string) =>
    (await admin.call<Page<AlertView>>('GET', '/api/v1/alerts?limit=200')).body.items.filter(
      (alert) => alert.subject === ip || alert.ip === ip,
    );

  it('comes as version 1 with every default, readable by who watches and changed by administrators only', async () => {
    const policy = await read();
    expect(policy).toMatchObject({ version: 1, author: null, settings: {}, defaults: { levels: { high: 60 } } });
    const who = await addPerson(gatehouse, 'lee@example.com', 'analyst');
    const analyst = await ApiClient.signedIn(gatehouse.urls[0]!, who);
    expect((await analyst.call('GET', POLICY)).status).toBe(200);
    const body = { settings: {}, reason: 'mine now', basedOn: 1 };
    expect((await analyst.call('PUT', POLICY, body)).status).toBe(403);
  });

  it('refuses what does not fit, without a reason, and what somebody else changed meanwhile', async () => {
    expect(await save({ levels: { medium: 70 } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'settings.levels.high', message: 'must be above medium, which is 70' }] },
    });
    expect((await save({}, ' ')).status).toBe(400);
    expect((await admin.call('PUT', POLICY, { settings: {}, reason: 'too late', basedOn: 0 })).status).toBe(409);
    expect((await read()).version).toBe(1);
  });

  it('raises by a changed threshold at once, and by the old one after a roll back', async () => {
    await burst('198.51.100.31');
    expect(await alertsAbout('198.51.100.31')).not.toEqual([]);
    const { body } = await save({ alerts: { 'brute-force-source': { count: 20 } } });
    expect(body).toMatchObject({ version: 2, settings: { alerts: { 'brute-force-source': { count: 20 } } } });
    await judgedBy(2);
    await burst('198.51.100.32');
    expect(await alertsAbout('198.51.100.32')).toEqual([]);
    const restored = await admin.call('POST', `${POLICY}/versions/1/restore`, { reason: 'too quiet', basedOn: 2 });
    expect(restored).toMatchObject({ status: 200, body: { version: 3, settings: {}, reason: 'too quiet' } });
    await judgedBy(3);
    await burst('198.51.100.33');
    expect(await alertsAbout('198.51.100.33')).not.toEqual([]);
    const { body: audit } = await admin.call<Page<AuditEntry>>('GET', '/api/v1/audit?action=detection_policy.changed');
    expect(audit.items.map(({ detail }) => detail)).toEqual([
      { reason: 'too quiet', before: { 'brute-force-source count': 20 }, after: {} },
      { reason: 'a test of it', before: {}, after: { 'brute-force-source count': 20 } },
    ]);
  });

  it('leaves allowed sources alone, says so at each attempt, and no longer once they have expired', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const source = { kind: 'network', network: '192.0.2.40', reason: 'the scanner of IT', until } as const;
    const { body } = await save({ allowed: [source] });
    await judgedBy(body.version);
    await burst('192.0.2.40');
    expect(await alertsAbout('192.0.2.40')).toEqual([]);
    const rows = await gatehouse.database.query<{ signals: unknown; policy_version: number }[]>(
      `SELECT signals, policy_version FROM attempts WHERE ip = '192.0.2.40' ORDER BY id LIMIT 1`,
    );
    const evidence = { source: '192.0.2.40', reason: 'the scanner of IT' };
    expect(rows[0]).toMatchObject({ policy_version: body.version });
    expect(rows[0]!.signals).toContainEqual({ kind: 'allowed-source', points: 0, evidence });
    const over = await save({ allowed: [{ ...source, until: new Date(Date.now() - 3_600_000).toISOString() }] });
    await judgedBy(over.body.version);
    await burst('192.0.2.40');
    expect(await alertsAbout('192.0.2.40')).not.toEqual([]);
  });

  describe('tried on stored attempts', () => {
    const bursts = [5, 6, 7, 8, 9, 10, 11, 12];
    /** What a policy that wants ten failures of one address says no more, and the others go on saying. */
    const candidate: DetectionSettings = { alerts: { 'brute-force-source': { count: 10 } } };
    const ask = (settings = candidate, days = 7) => admin.call<BacktestView>('POST', BACKTESTS, { settings, days });
    const view = async (id: string) => (await admin.call<BacktestView>('GET', `${BACKTESTS}/${id}`)).body;
    const done = (id: string) =>
      eventually(
        async () => {
          const found = await view(id);
          return found.state === 'done' ? found : undefined;
        },
        'the backtest is done',
        20_000,
      );

    beforeAll(async () => {
      await save({});
      await gatehouse.database.query('TRUNCATE attempts');
      for (let page = 0; page < 6; page += 1)
        await record(
          Array.from({ length: 500 }, (_, i) => {
            const person = (page * 500 + i) % 300;
            const ip = `203.0.${Math.floor(person / 200) + 1}.${(person % 200) + 1}`;
            return anAttempt({ subject: `q${person}@example.org`, outcome: 'success', reason: undefined, ip });
          }),
        );
      for (const [index, size] of bursts.entries())
        await record(
          Array.from({ length: size }, () =>
            anAttempt({ ip: `198.18.${index}.9`, subject: `victim${index}@example.org` }),
          ),
        );
    });

    it('loses exactly what the higher threshold does not reach, and gains it the other way round', async () => {
      const { body, status } = await ask();
      expect(status).toBe(202);
      const { result, total, replayed } = await done(body.id);
      expect(total).toBe(3_000 + 68);
      expect(replayed).toBe(total);
      expect(result).toMatchObject({ attempts: 3_068, signIns: 3_000, warmUp: 0, kept: 3, gained: { total: 0 } });
      expect(result!.lost).toMatchObject({ total: 5, byKind: [{ kind: 'brute-force-source', count: 5 }] });
      expect(result!.lost.examples.map(({ subject, attempts }) => [subject, attempts])).toEqual(
        [4, 3, 2, 1, 0].map((index) => [`198.18.${index}.9`, bursts[index]]),
      );
      expect(result!.before).toMatchObject({ alerts: 8, challenged: 0 });
      expect(result!.after.alertsPer10k).toBeCloseTo((3 * 10_000) / 3_068);

      await save(candidate);
      const back = await done((await ask({})).body.id);
      expect(back.result).toMatchObject({ kept: 3, gained: { total: 5 }, lost: { total: 0 } });
      expect((await read()).settings).toEqual(candidate);
    });

    it('is cancelled while it waits and while it runs, runs one at a time, and is taken from a worker that is gone', async () => {
      for (const worker of gatehouse.processes.workers) worker.kill('SIGSTOP');
      const waiting = (await ask()).body;
      expect(await ask()).toMatchObject({ status: 409, body: { code: 'backtest_running' } });
      expect((await admin.call('POST', `${BACKTESTS}/${waiting.id}/cancel`)).body).toMatchObject({
        state: 'cancelled',
      });
      const here = new RunBacktests(gatehouse.database, 'here', (error) => {
        throw error;
      });
      await here.run();
      expect(await view(waiting.id)).toMatchObject({ state: 'cancelled', result: null });

      const second = (await ask()).body;
      const running = here.run();
      await eventually(async () => (await view(second.id)).state === 'running', 'it runs');
      expect((await admin.call('POST', `${BACKTESTS}/${second.id}/cancel`)).status).toBe(200);
      await running;
      expect(await view(second.id)).toMatchObject({ state: 'cancelled', result: null });
      expect((await admin.call('POST', `${BACKTESTS}/${second.id}/cancel`)).status).toBe(409);

      const third = (await ask()).body;
      const left = (seconds: number) =>
        gatehouse.database.query(
          `UPDATE detection_backtests SET state = 'running', holder = 'gone', seen_at = now() - make_interval(secs => $2) WHERE id = $1`,
          [third.id, seconds],
        );
      await left(1);
      await here.run();
      expect((await view(third.id)).state).toBe('running');
      await left(60);
      await here.run();
      expect((await view(third.id)).result).toMatchObject({ kept: 3, gained: { total: 0 }, lost: { total: 0 } });
      for (const worker of gatehouse.processes.workers) worker.kill('SIGCONT');
      const { body } = await admin.call<Page<BacktestView>>('GET', BACKTESTS);
      expect(body.items.map(({ id }) => id).slice(0, 3)).toEqual([third.id, second.id, waiting.id]);
    });
  });

  it('is known to the worker that takes over', async () => {
    const { body } = await save({ alerts: { 'brute-force-source': { on: false }, spray: { on: false } } });
    gatehouse.processes.workers[0]!.kill('SIGKILL');
    await burst('198.51.100.34');
    expect((await alertsAbout('198.51.100.34')).map(({ kind }) => kind)).not.toContain('brute-force-source');
    await judgedBy(body.version);
  });

  /** Waits until attempts are judged by a version; seconds at most. */
  const judgedBy = (version: number) =>
    eventually(
      async () => {
        await record([anAttempt({ subject: 'probe@example.org', outcome: 'success' })]);
        const [row] = await gatehouse.database.query<{ v: number }[]>(
          `SELECT policy_version AS v FROM attempts ORDER BY received_at DESC, id DESC LIMIT 1`,
        );
        return row!.v === version;
      },
      `version ${version} judges`,
      5_000,
    );
});
