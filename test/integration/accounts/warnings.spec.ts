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
  /** Lets the time until the next step pass, and that in which critical ones are gathered. */
  const pass = async (email: string) => {
    await gatehouse.database.query(
      `UPDATE notifications SET created_at = created_at - interval '1 hour' WHERE critical`,
    );
    await gatehouse.database.query(
      `UPDATE warnings SET next_step_at = now() WHERE next_step_at IS NOT NULL AND person_id = (SELECT id FROM people WHERE email = $1)`,
      [email],
    );
    await notify(gatehouse.database.manager, 'warning_opened', {});
  };

  it('says who, where and why without an address; looking changes nothing, asking stops the rest, "expected" closes and teaches nothing', async () => {
    await gatehouse.database.query(
      `INSERT INTO quiet_hours (person_id, time_zone) SELECT id, 'Asia/Tokyo' FROM people WHERE email = $1`,
      [rita],
    );
    await breakIn(gatehouse, key, nora);
    const { text } = await mailed.mailTo(rita, subjectOf(nora));
    expect(text).toMatch(/On \w+ \d+ \w+, \d\d:\d\d \(Tokyo time\), alert A-\d+:/);
    const answers = [...text.matchAll(/#token=([\w-]+)&answer=(\w+)/g)].map(([, link, say]) => ({ link, say }));
    expect(answers.map(({ say }) => say)).toEqual(['asking', 'expected', 'not_expected']);
    expect(new Set(answers.map(({ link }) => link)).size).toBe(1);
    const step = await one<{ minutes: string; severity: string }>(
      `SELECT a.severity, extract(epoch FROM w.next_step_at - now()) / 60 AS minutes FROM warnings w JOIN alerts a ON a.id = w.alert_id WHERE w.next_step_at IS NOT NULL`,
    );
    const minutes = step.severity === 'critical' ? 15 : 30;
    expect(text).toContain(`If nobody answers within ${minutes} minutes, the next in line is told.`);
    expect(Math.ceil(Number(step.minutes))).toBe(minutes);
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
    await pass(omar);
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

  it('makes five hundred alerts one mail and a digest with the exact count, and tells critical ones at once, then all by name in one', async () => {
    // As if nobody had been told for an hour.
    await gatehouse.database.query(
      `UPDATE notifications SET created_at = created_at - interval '2 hours', sent_at = sent_at - interval '2 hours'`,
    );
    const ids = await gatehouse.database.query<{ id: string; number: string; severity: string }[]>(
      `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, evidence, first_at, last_at)
       SELECT gen_random_uuid(), 'suspicious-sign-in', CASE WHEN n % 25 = 0 THEN 'critical' ELSE 'high' END::risk_level, 'flood:' || n, $1, p.id,
         '{"topAddresses": []}', now(), now() FROM people p, generate_series(1, 500) n WHERE p.email = $1 RETURNING id, 'A-' || number AS number, severity`,
      [nora],
    );
    const before = mailed.mail.received.length;
    await gatehouse.database.transaction((tx) =>
      openWarnings(
        tx,
        ids.map(({ id }) => id),
      ),
    );
    const tally = (critical: boolean) =>
      gatehouse.database
        .query<{ kind: string; state: string; n: number }[]>(
          `SELECT kind, state, count(*)::int AS n FROM notifications WHERE created_at > now() - interval '30 minutes' AND critical = $1
             AND (budgeted OR critical) AND person_id = (SELECT id FROM people WHERE email = $2) GROUP BY 1, 2 ORDER BY 1, 2`,
          [critical, rita],
        )
        .then((rows) => Object.fromEntries(rows.map(({ kind, state, n }) => [`${kind} ${state}`, n])));
    await eventually(
      async () => {
        const [high, critical] = await Promise.all([tally(false), tally(true)]);
        return high['manager_warning held'] === 479 && critical['manager_warning held'] === 19;
      },
      'all are told or held',
      60_000,
    );
    const release = async () => {
      await gatehouse.database.query(`UPDATE notifications SET next_try_at = now() WHERE state = 'held'`);
      await notify(gatehouse.database.manager, 'notification_queued', {});
    };
    // Quiet hours and a full budget hold nothing critical.
    await gatehouse.database.query(
      `INSERT INTO quiet_hours (person_id, time_zone, begins, ends) SELECT id, 'UTC', (m + 1430) % 1440, (m + 60) % 1440
       FROM people, (SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::int * 60 + extract(minute FROM now() AT TIME ZONE 'UTC')::int AS m) t WHERE email = $1
       ON CONFLICT (person_id) DO UPDATE SET time_zone = excluded.time_zone, begins = excluded.begins, ends = excluded.ends`,
      [rita],
    );
    await release();
    const named = await mailed.mailTo(rita, '19 more critical sign-ins');
    const told = ids.filter(({ number }) => named.text.includes(`${number}:`) || named.text.includes(`${number}\n`));
    expect(new Set(told.map(({ severity }) => severity))).toEqual(new Set(['critical']));
    expect(named.text.match(/#token=/g)).toHaveLength(19);
    expect(named.text).toMatch(/Unusual sign-ins +19/);
    const all = { 'digest sent': 1, 'manager_warning digested': 19, 'manager_warning sent': 1 };
    await eventually(async () => JSON.stringify(await tally(true)) === JSON.stringify(all), 'it is noted as sent');
    expect(await tally(false)).toMatchObject({ 'manager_warning held': 479 });

    await gatehouse.database.query('DELETE FROM quiet_hours');
    await release();
    const digest = await mailed.mailTo(rita, '479 messages in one');
    expect(digest.text).toMatch(/Unusual sign-ins +479/);
    expect(digest.text.match(/#token=/g)).toHaveLength(10);
    const got = mailed.mail.received.slice(before).filter(({ to }) => to === rita);
    expect(got).toHaveLength(4);
    expect(await tally(false)).toMatchObject({ 'manager_warning digested': 479 });
    for (const { text } of [digest, named]) {
      const [, token = ''] = /#token=([\w-]+)/.exec(text) ?? [];
      expect((await look(token)).body).toMatchObject({ person: nora, open: true });
    }
  }, 90_000);

  it('answers alike to a forged link and to who left the line, and stops where staff took the alert', async () => {
    await pass(pia);
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
