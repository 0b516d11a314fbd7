import type { AlertView } from '../../server/contracts/alerts.js';
import type { DetectionPolicyView, DetectionSettings } from '../../server/contracts/detection-policy.js';
import type { AuditEntry } from '../../server/contracts/operations.js';
import type { Page } from '../../server/contracts/paging.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

const POLICY = '/api/v1/policies/detection';

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
