import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlertDetail, AlertView } from '../../server/contracts/alerts.js';
import type { Assessment } from '../../server/contracts/decisions.js';
import type { DetectionPolicyView, DetectionSettings } from '../../server/contracts/detection-policy.js';
import type { FactorRequired, PersonFactors } from '../../server/contracts/factors.js';
import type { AuditEntry } from '../../server/contracts/operations.js';
import type { Page } from '../../server/contracts/paging.js';
import type { RevocationReceipt } from '../../server/contracts/sessions.js';
import { settleIn } from '../support/suspicion.js';
import { addPerson, Browser, codeOf, forgetSteps, turnOnTotp, wrongCode } from '../support/factors.js';
import {
  admin as staff,
  anAttempt,
  ApiClient,
  eventually,
  type Gatehouse,
  startGatehouse,
} from '../support/gatehouse.js';

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
    gatehouse = await startGatehouse({ servers: 2, workers: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } });
    admin = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await admin.application('Webmail', ['attempts:write', 'decide']);
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const query = <T>(sql: string, values: unknown[] = []) => gatehouse.database.query<T[]>(sql, values);
  const scored = () =>
    eventually(async () => {
      const waiting =
        'SELECT ((SELECT count(*) FROM attempt_inbox) + (SELECT count(*) FROM policy_responses))::int AS n';
      return (await query<{ n: number }>(waiting))[0]!.n === 0;
    }, 'all is scored, and what follows is done');
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

  /** Whose next sign-in is asked for more. */
  const challenged = (email: string) =>
    query<{ until: Date }>(
      'SELECT until FROM sign_in_challenges JOIN people p ON p.id = person_id WHERE email = $1 AND until > now()',
      [email],
    );
  /** Guesses at one person's password, which raise an alert about them. */
  const guessesAt = (ip: string, subject: string) => Array.from({ length: 9 }, () => anAttempt({ ip, subject }));
  const decided = async (subject: string) => {
    const by = { authorization: `Bearer ${key}` };
    const { id: _id, outcome: _outcome, reason: _reason, ...asked } = anAttempt({ subject, ip: '192.0.2.80' });
    const client = new ApiClient(gatehouse.urls[0]!);
    return eventually(async () => {
      const { body } = await client.call<Assessment>('POST', '/api/v1/decide', asked, by);
      return !body.missing.includes('time') && body;
    }, 'it is decided in time');
  };

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
    for (const worker of gatehouse.processes.workers.splice(0)) worker.kill('SIGKILL');
    await stopper.rollbackTransaction();
    await stopper.release();
    await gatehouse.startWorker();
    await gatehouse.startWorker();
    await eventually(async () => (await refused(ip)) === 1, 'another worker does it');
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

  describe('a second factor at the next sign-in', () => {
    const browserAt = (server: number, device = ''): Browser => {
      const browser = new Browser(gatehouse.urls[server]!);
      browser.device = device;
      return browser;
    };
    const idOf = async (email: string) =>
      (await query<{ id: string }>('SELECT id FROM people WHERE email = $1', [email]))[0]!.id;
    const factorsOf = async (email: string) =>
      (await admin.call<PersonFactors>('GET', `/api/v1/people/${await idOf(email)}/factors`)).body;
    const history = async (ip: string) =>
      (await alertsOf(ip)).flatMap((alert) => alert.history.map(({ kind }) => kind));
    /** The code of the newest mail to somebody; without a mail server mails are files. */
    const mailedCode = (email: string) =>
      eventually(async () => {
        const folder = join(gatehouse.env['GATEHOUSE_DATA_DIR']!, 'mail');
        for (const name of (await readdir(folder)).sort().reverse()) {
          const mail = await readFile(join(folder, name), 'utf8');
          const code = /\b\d{3} ?\d{3}\b/.exec(mail.slice(mail.indexOf('\r\n\r\n')))?.[0];
          if (mail.includes(email) && code !== undefined) return code.replace(' ', '');
        }
        return undefined;
      }, 'the code is mailed');
    let kim: typeof staff;
    let secret: string;
    let trusted: Browser;
    let version: number;

    beforeAll(async () => {
      version = await inForce({ responses: each({ challengeNext: true, challengeHours: 2 }) });
      kim = await addPerson(gatehouse, 'kim@example.com');
      trusted = browserAt(0);
      await trusted.signIn(kim);
      ({ secret } = await turnOnTotp(trusted.client));
      expect((await trusted.client.call('POST', '/api/v1/me/devices/trust', {})).status).toBe(200);
      expect(await trusted.signIn(kim)).toBe('signed_in');
    }, 60_000);

    it('is asked on a trusted device, by every server and after a restart, once', async () => {
      const ip = '198.18.61.9';
      await record(guessesAt(ip, kim.email));
      const note = `By rule of policy version ${version}: asks a second factor at the next sign-in of one person, for 2 hours at most`;
      expect(await acts(ip)).toContainEqual({ by: null, note });
      const until = (await challenged(kim.email))[0]!.until.getTime() - Date.now();
      expect([until > 1.9 * 3_600_000, until <= 2 * 3_600_000]).toEqual([true, true]);
      const by = `A rule of policy version ${version}`;
      const standing = { by, person: { name: 'kim' }, alert: { number: expect.stringMatching(/^A-\d+$/) as string } };
      expect((await factorsOf(kim.email)).challenge).toMatchObject(standing);
      const alert = (await alertsOf(ip)).find(({ challenges }) => challenges.length > 0)!;
      expect(alert.challenges).toMatchObject([standing]);
      // Who is signed in stays so.
      expect((await trusted.client.call('GET', '/api/v1/me')).status).toBe(200);
      expect(await decided(kim.email)).toMatchObject({ decision: 'challenge' });
      expect((await decided(kim.email)).reasons).toContainEqual({ kind: 'challenged-person', points: 0 });

      for (const server of [0, 1]) expect(await browserAt(server, trusted.device).signIn(kim)).toBe('factor_required');
      await gatehouse.restartServer(0, {});
      const after = browserAt(0, trusted.device);
      expect(await after.signIn(kim)).toBe('factor_required');
      expect(await after.factor(wrongCode(secret))).not.toBe('signed_in');
      expect(await challenged(kim.email)).toHaveLength(1);
      await forgetSteps(gatehouse);
      expect(await after.factor(codeOf(secret))).toBe('signed_in');
      expect(await challenged(kim.email)).toHaveLength(0);
      expect((await factorsOf(kim.email)).challenge).toBeNull();
      expect(await history(ip)).toContain('challenge_passed');
      expect(await after.signIn(kim)).toBe('signed_in');
      trusted = after;
      await eventually(
        async () => (await decided(kim.email)).decision === 'allow',
        'it is forgotten by the worker too',
      );
      const reasons = `SELECT reason FROM attempts WHERE subject = $1 AND outcome = 'challenge' AND reason = 'rule_challenge'`;
      await scored();
      expect(await query(reasons, [kim.email])).not.toHaveLength(0);
    });

    it('is met by a sign-in that was under way when it came', async () => {
      const half = browserAt(1);
      expect(await half.signIn(kim)).toBe('factor_required');
      const ip = '198.18.62.9';
      await record(guessesAt(ip, kim.email));
      expect(await challenged(kim.email)).toHaveLength(1);
      await forgetSteps(gatehouse);
      expect(await half.factor(codeOf(secret))).toBe('signed_in');
      expect(await challenged(kim.email)).toHaveLength(0);
    });

    it('is lifted by an administrator, by nobody else, and not for oneself', async () => {
      const analyst = await ApiClient.signedIn(
        gatehouse.urls[0]!,
        await addPerson(gatehouse, 'ann@example.com', 'analyst'),
      );
      const lou = await addPerson(gatehouse, 'lou@example.com');
      const ip = '198.18.63.9';
      await record(guessesAt(ip, lou.email));
      await record(guessesAt('198.18.66.9', staff.email));
      const path = `/api/v1/people/${await idOf(lou.email)}/factors/challenge`;
      expect((await analyst.call('DELETE', path)).status).toBe(403);
      const own = `/api/v1/people/${await idOf(staff.email)}/factors/challenge`;
      expect(await challenged(staff.email)).toHaveLength(1);
      expect((await admin.call('DELETE', own)).status).toBe(403);
      await query('DELETE FROM sign_in_challenges WHERE person_id = $1', [await idOf(staff.email)]);
      expect(await admin.call('DELETE', path)).toMatchObject({ status: 200, body: { challenge: null } });
      expect((await admin.call('DELETE', path)).status).toBe(200);
      expect(await history(ip)).toContain('challenge_lifted');
      const lifted = await admin.call<Page<AuditEntry>>('GET', '/api/v1/audit?action=sign_in.challenge_lifted');
      expect(lifted.body.items).toMatchObject([{ actor: { name: 'Ana' }, target: { id: await idOf(lou.email) } }]);
      expect(await browserAt(1).signIn(lou)).toBe('signed_in');
    });

    it('is over after its time', async () => {
      const ben = await addPerson(gatehouse, 'ben@example.com');
      await record(guessesAt('198.18.64.9', ben.email));
      expect(await challenged(ben.email)).toHaveLength(1);
      await query('UPDATE sign_in_challenges SET until = now()');
      expect(await browserAt(0).signIn(ben)).toBe('signed_in');
      expect((await factorsOf(ben.email)).challenge).toBeNull();
    });

    it('is a code by e-mail for who has none set up: the password alone opens nothing', async () => {
      const noa = await addPerson(gatehouse, 'noa@example.com');
      await record(guessesAt('198.18.65.9', noa.email));
      const browser = browserAt(1);
      expect(await browser.signIn(noa)).toBe('factor_required');
      const step = await browser.client.call<FactorRequired>('GET', '/api/v1/sign-in');
      expect(step.body.options).toEqual([
        { factor: 'email', name: 'n•••@example.com', weaker: true, preferred: false },
      ]);
      expect((await browser.client.call('GET', '/api/v1/me')).status).toBe(401);
      const answer = (code: string) => browser.client.call('POST', '/api/v1/sign-in/factor', { factor: 'email', code });
      expect((await answer('000000')).body).toMatchObject({ code: 'wrong_code' });
      expect((await browser.client.call('POST', '/api/v1/sign-in/factor/send', { factor: 'email' })).status).toBe(200);
      const code = await mailedCode(noa.email);
      expect(await answer(code)).toMatchObject({ status: 200, body: { status: 'signed_in' } });
      expect(await challenged(noa.email)).toHaveLength(0);
      // Nothing was set up by it.
      expect(await factorsOf(noa.email)).toMatchObject({ on: false, authenticators: [], challenge: null });
      expect(await browserAt(0).signIn(noa)).toBe('signed_in');
    });
  });

  it('that fails costs neither the alert nor its attempts, is tried again, and is left to a person in the end', async () => {
    const version = await inForce({ responses: each({ throttleSource: true, challengeNext: true }) });
    await query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$`);
    await query('CREATE TRIGGER broken BEFORE INSERT ON throttled_sources FOR EACH ROW EXECUTE FUNCTION fail()');
    const tried = async (tries: number) =>
      eventually(
        async () => (await query('SELECT 1 FROM policy_responses WHERE tries >= $1', [tries])).length > 0,
        `it failed ${tries} times`,
      );
    const who = await addPerson(gatehouse, 'lea@example.com');
    const [once, lasting] = ['198.18.71.9', '198.18.72.9'];
    await send(guessesAt(once, who.email));
    await tried(1);
    expect((await alertsOf(once)).length).toBeGreaterThan(0);
    expect(await query('SELECT 1 FROM quarantined_attempts')).toEqual([]);
    // What does not fail goes on beside it.
    await eventually(async () => (await challenged(who.email)).length === 1, 'the other act is done');
    await query('DROP TRIGGER broken ON throttled_sources');
    await eventually(async () => (await refused(once)) === 1, 'a later try does it');

    await query('CREATE TRIGGER broken BEFORE INSERT ON throttled_sources FOR EACH ROW EXECUTE FUNCTION fail()');
    await send(guessesAt(lasting, who.email));
    await tried(1);
    await eventually(async () => {
      await query('UPDATE policy_responses SET next_at = now()');
      return (await query('SELECT 1 FROM policy_responses')).length === 0;
    }, 'it is given up');
    await query('DROP TRIGGER broken ON throttled_sources; DROP FUNCTION fail()');
    const events = (await alertsOf(lasting)).flatMap((alert) => alert.history);
    const failures = events.filter(({ kind }) => kind === 'response_failed').map(({ by, note }) => ({ by, note }));
    const note = `By rule of policy version ${version}, tried 5 times: the addresses could not be refused. Contain the alert to refuse them`;
    expect(new Set(failures)).toEqual(new Set([{ by: null, note }]));
    const failed = await admin.call<Page<AuditEntry>>('GET', '/api/v1/audit?action=alert.response_failed');
    expect(failed.body.items[0]).toMatchObject({ actor: { kind: 'system' }, detail: { act: 'throttle_source' } });
  });

  it('gets into nobody’s way: analysts, the person and rules deal with the same attack at once', async () => {
    await inForce({ responses: each({ endSessions: true, throttleSource: true, challengeNext: true }) });
    const who = await addPerson(gatehouse, 'ida@example.com');
    const failures = `SELECT 1 FROM alert_events WHERE kind = 'response_failed'`;
    const failed = await query(failures);
    const thieves = await Promise.all(gatehouse.urls.map((url) => ApiClient.signedIn(url)));
    const answers: number[] = [];
    const call = async (by: ApiClient, method: string, path: string, body: unknown) => {
      answers.push((await by.call(method, path, body)).status);
    };
    for (let round = 0; round < 8; round += 1) {
      const ip = `198.18.${100 + round}.9`;
      await send(guesses(ip, `ida${round}-`));
      const [alert] = await eventually(async () => {
        const found = await alertsOf(ip);
        return found.length > 0 && found;
      }, 'it is raised');
      const change = (by: ApiClient, action: Record<string, unknown>) =>
        call(by, 'PATCH', `/api/v1/alerts/${alert!.id}`, action);
      const [ana, bea] = thieves as [ApiClient, ApiClient];
      const suspicious = anAttempt({ ip, subject: who.email, outcome: 'success', reason: undefined });
      await Promise.all([
        send([...guesses(ip, `more${round}-`), suspicious]),
        change(ana, { action: 'take' }),
        call(bea, 'POST', `/api/v1/alerts/${alert!.id}/contain`, { resolve: false }),
        call(ana, 'POST', '/api/v1/sources/throttle', { ip }),
        change(bea, { action: 'note', note: 'looking' }),
        new ApiClient(gatehouse.urls[round % 2]!)
          .call('POST', '/api/v1/sign-in', who)
          .then(({ status }) => answers.push(status)),
      ]);
      const { containment } = (await admin.call<AlertDetail>('GET', `/api/v1/alerts/${alert!.id}`)).body;
      await Promise.all([
        send(guesses(ip, `yet${round}-`)),
        ...(containment ? [call(ana, 'POST', `/api/v1/containments/${containment.id}/undo`, {})] : []),
        change(bea, { action: 'resolve', verdict: 'true_positive' }),
        call(ana, 'POST', '/api/v1/sources/release', { ip }),
      ]);
    }
    await scored();
    expect(answers.filter((status) => status >= 500)).toEqual([]);
    expect(await query('SELECT 1 FROM quarantined_attempts')).toEqual([]);
    expect(await query(failures)).toHaveLength(failed.length);
    expect((await admin.call('POST', '/api/v1/audit/verify', {})).body).toMatchObject({ brokenAt: null });
  }, 60_000);

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
