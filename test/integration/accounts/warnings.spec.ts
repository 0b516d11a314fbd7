import { notify } from '../../../server/platform/database/listener.js';
import { admin, ApiClient, eventually, type Gatehouse } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';
import { openWarnings } from '../../../server/warnings/open-warnings.js';
import { breakIn, settleIn } from '../../support/suspicion.js';

const [nora, omar, pia, rita, sven] = ['nora', 'omar', 'pia', 'rita', 'sven'].map((name) => `${name}@example.com`) as [
  ...[string, string, string, string, string],
];
const subjectOf = (email: string) => `Unusual sign-in of ${email}`;

describe('a warning by mail to the reporting line', () => {
  let mailed: MailedGatehouse;
  let gatehouse: Gatehouse;
  let key: string;

  beforeAll(async () => {
    mailed = await startGatehouseWithMail({ servers: 2, workers: 2 });
    gatehouse = mailed.gatehouse;
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
    const person = (email: string, more: object = {}) => ({ email, name: email, ...more });
    await staff.call('POST', '/api/v1/people', [person(sven, { role: 'manager' })]);
    await staff.call('POST', '/api/v1/people', [person(rita, { role: 'manager', managerEmail: sven })]);
    for (const email of [nora, omar, pia])
      await staff.call('POST', '/api/v1/people', [person(email, { managerEmail: rita })]);
    await settleIn(gatehouse.urls[0]!, key, [nora, omar, pia]);
  }, 90_000);
  afterAll(() => mailed.stop());

  const look = (token: string) => new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/warning', { token });
  const answer = async (token: string, say: string, server = 0) => {
    const { lastAt: seen } = (await look(token)).body;
    return new ApiClient(gatehouse.urls[server]!).call('POST', '/api/v1/warning/answer', { token, answer: say, seen });
  };
  const one = async <T>(sql: string, ...values: unknown[]): Promise<T> =>
    (await gatehouse.database.query<T[]>(sql, values))[0]!;
  const alertOf = (email: string) =>
    one<{ id: string; status: string; verdict: string | null; history: string[] }>(
      `SELECT a.id, a.status, a.verdict, ARRAY(SELECT e.kind || ':' || coalesce(h.email, '') FROM alert_events e LEFT JOIN people h ON h.id = e.person_id
         WHERE e.alert_id = a.id ORDER BY e.id) AS history
       FROM alerts a JOIN people p ON p.id = a.person_id WHERE a.kind = 'suspicious-sign-in' AND p.email = $1`,
      email,
    );
  /** Lets the time until the next step pass. */
  const pass = async (email: string) => {
    await gatehouse.database.query(
      `UPDATE warnings SET next_step_at = now() WHERE next_step_at IS NOT NULL AND person_id = (SELECT id FROM people WHERE email = $1)`,
      [email],
    );
    await notify(gatehouse.database.manager, 'warning_opened', {});
  };

  it('says who, where and why without an address; looking changes nothing, asking stops the rest, "expected" closes and teaches nothing', async () => {
    await breakIn(gatehouse, key, nora);
    const { text } = await mailed.mailTo(rita, subjectOf(nora));
    expect(text).toMatch(/Who {4}nora@example\.com \(to Webmail\)\s+Where {2}near .*\s+Why {4}.*new for them/);
    expect(text).not.toContain('45.33.32.156');
    const token = await mailed.tokenTo(rita, subjectOf(nora));
    const shown = await look(token);
    expect(shown).toMatchObject({
      status: 200,
      body: { person: nora, application: 'Webmail', answers: [], open: true },
    });
    expect(JSON.stringify(shown.body)).not.toContain('45.33.32.156');
    expect((await answer(token, 'asking')).status).toBe(200);
    await pass(nora);
    expect((await answer(token, 'asking')).status).toBe(409);
    const stale = { token, answer: 'expected', seen: '2026-11-01T00:00:00.000Z' };
    const seenBefore = await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/warning/answer', stale);
    expect(seenBefore).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await answer(token, 'expected')).status).toBe(200);
    expect((await answer(token, 'not_expected')).status).toBe(409);
    expect((await look(token)).body).toMatchObject({ open: false, answers: [{ by: rita }, { by: rita }] });
    const alert = await alertOf(nora);
    expect(alert).toMatchObject({ status: 'resolved', verdict: 'benign' });
    expect(alert.history.slice(1)).toEqual([`warned:${rita}`, `asking:${rita}`, `expected:${rita}`]);
    expect((await gatehouse.database.query<unknown[]>('SELECT FROM lessons')).length).toBe(0);
    expect(mailed.mail.received.filter(({ to }) => to === sven)).toHaveLength(0);
  });

  it('goes to the next in line and to security, each once with two workers, and takes one of many answers', async () => {
    await breakIn(gatehouse, key, omar);
    const tokens = [await mailed.tokenTo(rita, subjectOf(omar))];
    for (const next of [sven, admin.email]) {
      await pass(omar);
      tokens.push(await mailed.tokenTo(next, subjectOf(omar)));
    }
    await pass(omar);
    const answers = await Promise.all(
      tokens.flatMap((token) => [0, 1, 0, 1].map((server) => answer(token, 'not_expected', server))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 11 }, () => 409)]);
    const warned = [rita, sven, admin.email].map((email) => `warned:${email}`);
    expect((await alertOf(omar)).history.filter((event) => event.startsWith('warned'))).toEqual(warned);
    await mailed.mailTo(omar, 'Your account was secured');
    await eventually(
      async () => mailed.mail.received.some(({ to, raw }) => to === admin.email && raw.includes('was not expected')),
      'security is told',
    );
    const locked = await one<{ due: boolean; word: string | null; genuine: boolean }>(
      `SELECT password_change_required_at IS NOT NULL AS due, password_hash AS word, l.genuine FROM people p JOIN lessons l ON l.person_id = p.id WHERE email = $1`,
      omar,
    );
    expect(locked).toEqual({ due: true, word: null, genuine: false });
    const left = await one<{ count: number }>('SELECT count(*)::int FROM warnings WHERE next_step_at IS NOT NULL');
    expect(left.count).toBe(0);
  });

  it('makes a thousand alerts one mail and a digest with the exact count, and never holds critical ones back', async () => {
    const ids = await gatehouse.database.query<{ id: string }[]>(
      `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, evidence, first_at, last_at)
       SELECT gen_random_uuid(), 'suspicious-sign-in', CASE WHEN n <= 3 THEN 'critical' ELSE 'high' END::risk_level, 'flood:' || n, $1, p.id,
         '{"topAddresses": []}', now(), now() FROM people p, generate_series(1, 1000) n WHERE p.email = $1 RETURNING id`,
      [nora],
    );
    const before = mailed.mail.received.length;
    await gatehouse.database.transaction((tx) =>
      openWarnings(
        tx,
        ids.map(({ id }) => id),
      ),
    );
    const tally = async () =>
      Object.fromEntries(
        (
          await gatehouse.database.query<{ state: string; n: number }[]>(
            `SELECT state, count(*)::int AS n FROM notifications WHERE kind IN ('manager_warning', 'digest') AND created_at > now() - interval '5 minutes'
               AND payload->>'person' IS DISTINCT FROM $1 GROUP BY state`,
            [omar],
          )
        ).map(({ state, n }) => [state, n]),
      );
    const told = async () => Object.values(await tally()).reduce((sum, n) => sum + n, 0);
    await eventually(async () => (await told()) >= 1_000, 'all are told or held', 60_000);
    // One of kind high had room, unless an earlier test used it up.
    const { held } = await tally();
    await gatehouse.database.query(`UPDATE notifications SET next_try_at = now() WHERE state = 'held'`);
    await notify(gatehouse.database.manager, 'notification_queued', {});
    const digest = await mailed.mailTo(rita, `${held} messages in one`);
    expect(digest.text).toMatch(new RegExp(`Unusual sign-ins +${held}`));
    expect(digest.text.match(/#token=/g)).toHaveLength(10);
    const got = mailed.mail.received.slice(before).filter(({ to }) => to === rita);
    expect(got).toHaveLength(3 + (997 - held!) + 1);
    expect(await tally()).toMatchObject({ digested: held });
    const [, token = ''] = /#token=([\w-]+)/.exec(digest.text) ?? [];
    expect((await look(token)).body).toMatchObject({ person: nora, open: true });
  }, 90_000);

  it('answers alike to a forged link and to who left the line, and stops where staff took the alert', async () => {
    await breakIn(gatehouse, key, pia);
    const token = await mailed.tokenTo(rita, subjectOf(pia));
    await gatehouse.database.query('UPDATE people SET manager_id = NULL WHERE email = $1', [pia]);
    const refused = await Promise.all([look(token), answer(token, 'expected'), look('x'.repeat(43))]);
    expect(refused.map(({ status, body }) => [status, body['code']])).toEqual([
      ...[410, 400, 410].map((status) => [status, status === 410 ? 'link_invalid' : 'invalid_request']),
    ]);
    const seen = new Date().toISOString();
    const blind = { token, answer: 'expected', seen };
    expect((await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/warning/answer', blind)).status).toBe(410);
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    await staff.call('PATCH', `/api/v1/alerts/${(await alertOf(pia)).id}`, { action: 'take' });
    await pass(pia);
    await eventually(async () => {
      const { due } = await one<{ due: boolean }>(
        'SELECT w.next_step_at IS NOT NULL AS due FROM warnings w JOIN people p ON p.id = w.person_id WHERE email = $1',
        pia,
      );
      return !due;
    }, 'the steps end');
    expect((await alertOf(pia)).history.filter((event) => event.startsWith('warned'))).toEqual([`warned:${rita}`]);
  });
});
