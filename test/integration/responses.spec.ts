import type { AlertDetail, AlertView } from '../../server/contracts/alerts.js';
import type { DetectionPolicyView, DetectionSettings } from '../../server/contracts/detection-policy.js';
import type { AuditEntry } from '../../server/contracts/operations.js';
import type { Page } from '../../server/contracts/paging.js';
import type { RevocationReceipt } from '../../server/contracts/sessions.js';
import { settleIn } from '../support/suspicion.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

const POLICY = '/api/v1/policies/detection';
/** Gatehouse's own lock on the audit log: who holds it stops every transaction that has something to append. */
const AUDIT_LOCK = 7_203_312;
const each = <T>(response: T) => ({ medium: response, high: response, critical: response });
/** Nobody is kept out by a decision, so that what follows an alert is all that keeps them out. */
const open: DetectionSettings = { decisions: { challengeFrom: 100, denyFrom: 100 } };

describe('what a policy has follow from an alert', () => {
  let gatehouse: Gatehouse;
  let admin: ApiClient;
  let key: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } });
    admin = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await admin.application('Webmail');
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const query = <T>(sql: string, values: unknown[] = []) => gatehouse.database.query<T[]>(sql, values);
  const scored = () =>
    eventually(async () => {
      const [row] = await query<{ n: number }>('SELECT count(*)::int AS n FROM attempt_inbox');
      return row!.n === 0;
    }, 'all is scored');
  const send = (attempts: Record<string, unknown>[], by = key) =>
    new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', attempts, { authorization: `Bearer ${by}` });
  const record = async (attempts: Record<string, unknown>[], by = key): Promise<void> => {
    expect(await send(attempts, by)).toMatchObject({ status: 202 });
    await scored();
  };
  const guesses = (ip: string, prefix = 'x') =>
    Array.from({ length: 9 }, (_, i) =>
      anAttempt({ ip, subject: `${prefix}${i}@example.org`, outcome: 'failure', reason: 'unknown_user' }),
    );
  /** Puts settings in force and waits until attempts are judged by them. @returns their version */
  const inForce = async (settings: DetectionSettings): Promise<number> => {
    const { version: basedOn } = (await admin.call<DetectionPolicyView>('GET', POLICY)).body;
    const change = { settings: { ...open, ...settings }, reason: 'a test of it', basedOn };
    const { version } = (await admin.call<DetectionPolicyView>('PUT', POLICY, change)).body;
    await eventually(async () => {
      await record([anAttempt({ subject: 'probe@example.org', outcome: 'success', reason: undefined })]);
      const sql = 'SELECT policy_version AS v FROM attempts ORDER BY received_at DESC, id DESC LIMIT 1';
      return (await query<{ v: number }>(sql))[0]!.v === version;
    }, `version ${version} judges`);
    return version;
  };
  const alertsOf = async (ip: string): Promise<AlertDetail[]> => {
    const { items } = (await admin.call<Page<AlertView>>('GET', `/api/v1/alerts?status=all&ip=${ip}`)).body;
    return Promise.all(
      items.map(async ({ id }) => (await admin.call<AlertDetail>('GET', `/api/v1/alerts/${id}`)).body),
    );
  };
  /** What rules did about the alerts of an address, as their histories say it. */
  const acts = async (ip: string) =>
    (await alertsOf(ip)).flatMap(({ history }) =>
      history.filter(({ kind }) => kind === 'responded').map(({ by, note }) => ({ by, note })),
    );
  const refused = async (ip: string) =>
    (await query<{ n: number }>('SELECT count(*)::int AS n FROM throttled_sources WHERE ip = $1', [ip]))[0]!.n;
  const responded = async () =>
    (await admin.call<Page<AuditEntry>>('GET', '/api/v1/audit?action=alert.responded')).body.items;

  it('is nothing but to tell, as Gatehouse comes', async () => {
    await record(guesses('198.18.60.9'));
    expect((await alertsOf('198.18.60.9')).length).toBeGreaterThan(0);
    expect(await acts('198.18.60.9')).toEqual([]);
    expect(await query('SELECT 1 FROM containments UNION ALL SELECT 1 FROM throttled_sources')).toEqual([]);
  });

  it('ends the sessions that the attack opened, with a receipt, and no other of the same person', async () => {
    const version = await inForce({ responses: each({ endSessions: true }) });
    const ip = '45.33.32.156';
    const who = await addPerson(gatehouse, 'mia@example.com');
    const mia = await ApiClient.signedIn(gatehouse.urls[0]!, who);
    await scored();
    await record(guesses(ip, 'mia'));
    const thief = new ApiClient(gatehouse.urls[0]!);
    const hostile = { 'x-forwarded-for': ip, 'user-agent': 'curl/8.5.0' };
    expect((await thief.call('POST', '/api/v1/sign-in', who, hostile)).status).toBe(200);
    await eventually(async () => (await thief.call('GET', '/api/v1/me', undefined, hostile)).status === 401, 'it ends');
    expect((await mia.call('GET', '/api/v1/me')).status).toBe(200);

    expect(await acts(ip)).toEqual([{ by: null, note: `By rule of policy version ${version}: ended 1 session` }]);
    expect(await responded()).toMatchObject([
      { actor: { kind: 'system' }, detail: { sessions: 1, policyVersion: version } },
    ]);
    const [ended] = await query<{ id: string }>(
      `SELECT s.revocation_id AS id FROM sessions s JOIN people p ON p.id = s.person_id WHERE p.email = $1 AND s.end_reason = 'policy'`,
      [who.email],
    );
    const receipt = await admin.call<RevocationReceipt>('GET', `/api/v1/revocations/${ended!.id}`);
    expect(receipt.body).toMatchObject({
      by: { kind: 'system', name: 'Gatehouse' },
      sessions: [{ personName: 'mia' }],
    });
    expect(await refused(ip)).toBe(0);
    const mails = `SELECT count(*)::int AS n FROM notifications WHERE kind = 'session_ended'`;
    expect((await query<{ n: number }>(mails))[0]!.n).toBe(1);
  });

  it('refuses an address once, also when the worker dies in the middle, and not again after it was let in', async () => {
    const version = await inForce({ responses: each({ throttleSource: true, throttleMinutes: 30 }) });
    const before = (await responded()).length;
    const ip = '198.18.70.9';
    const stopper = gatehouse.database.createQueryRunner();
    await stopper.startTransaction();
    await stopper.query('SELECT pg_advisory_xact_lock($1)', [AUDIT_LOCK]);
    await send(guesses(ip));
    await eventually(async () => {
      const sql = `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $1`;
      return (await query<{ n: number }>(sql, [AUDIT_LOCK]))[0]!.n > 0;
    }, 'the response is under way');
    gatehouse.processes.workers[0]!.kill('SIGKILL');
    await stopper.rollbackTransaction();
    await stopper.release();
    await eventually(async () => (await refused(ip)) === 1, 'the other worker does it');
    const once = [{ by: null, note: `By rule of policy version ${version}: refused 1 address for 30 min` }];
    expect(await acts(ip)).toEqual(once);
    await record(guesses(ip));
    expect(await acts(ip)).toEqual(once);
    expect((await responded()).length).toBe(before + 1);

    const alert = (await alertsOf(ip)).find(({ containment }) => containment !== null)!;
    expect(alert.containment).toMatchObject({ by: `A rule of policy version ${version}`, sources: 1 });
    const undo = await admin.call('POST', `/api/v1/containments/${alert.containment!.id}/undo`, {});
    expect(undo).toMatchObject({ status: 200, body: { releasedSources: 1 } });
    await record(guesses(ip));
    expect(await refused(ip)).toBe(0);
    expect(await acts(ip)).toEqual(once);
  });

  it('leaves who contains it by hand right after all that is left to do', async () => {
    const ip = '198.18.80.9';
    await record(guesses(ip));
    const alert = (await alertsOf(ip)).find(({ containment }) => containment !== null)!;
    const contained = await admin.call('POST', `/api/v1/alerts/${alert.id}/contain`, { throttleMinutes: 120 });
    expect(contained).toMatchObject({ status: 200, body: { earlier: null, resolved: true, throttledSources: 1 } });
  });

  it('is nothing against known sources, and nothing for what is invented', async () => {
    const known = '203.0.113.90';
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const allowed = [
      { kind: 'network' as const, network: '203.0.113.0/24', reason: 'the gateway of the office', until },
    ];
    await settleIn(gatehouse.urls[0]!, key, ['one@example.org', 'two@example.org']);
    const both = each({ endSessions: true, throttleSource: true });
    await inForce({ allowed, responses: both, levels: { medium: 1, high: 2, critical: 3 } });
    const stranger = (ip: string, subject: string) =>
      anAttempt({ ip, subject, outcome: 'success', reason: undefined, userAgent: 'python-requests/2.32' });
    await record([stranger(known, 'one@example.org'), stranger('185.220.101.9', 'two@example.org')]);
    expect((await alertsOf(known)).length).toBe(1);
    expect(await acts(known)).toEqual([]);
    expect(await acts('185.220.101.9')).toHaveLength(1);

    const invented = await admin.application('Invented');
    await query(`UPDATE applications SET kind = 'simulated' WHERE name = 'Invented'`);
    await record(guesses('198.18.91.9'), invented);
    expect((await alertsOf('198.18.91.9')).length).toBeGreaterThan(0);
    expect(await acts('198.18.91.9')).toEqual([]);
    expect(await refused('198.18.91.9')).toBe(0);
  });
});
