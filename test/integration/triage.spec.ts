import type { AlertDetail, AlertMute, AlertQuality, AlertView } from '../../server/contracts/alerts.js';
import type { ContainmentReceipt, Undone } from '../../server/contracts/incidents.js';
import type { Page } from '../../server/contracts/paging.js';
import { addPerson } from '../support/factors.js';
import { admin, anAttempt, ApiClient, eventually, type Gatehouse } from '../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../support/mail-server.js';
import { breakIn, settleIn } from '../support/suspicion.js';

const [hana, ilya, jun, kim, lea, max, ned] = ['hana', 'ilya', 'jun', 'kim', 'lea', 'max', 'ned'].map(
  (name) => `${name}@example.com`,
) as [string, string, string, string, string, string, string];

describe('triage', () => {
  let mailed: MailedGatehouse;
  let gatehouse: Gatehouse;
  let ana: ApiClient;
  let bea: ApiClient;
  let key: string;

  beforeAll(async () => {
    mailed = await startGatehouseWithMail({ servers: 2, workers: 2 });
    gatehouse = mailed.gatehouse;
    ana = await ApiClient.signedIn(gatehouse.urls[0]!);
    bea = await ApiClient.signedIn(gatehouse.urls[1]!, await addPerson(gatehouse, 'bea@example.com', 'analyst'));
    key = await ana.application('Webmail', ['decide', 'attempts:write']);
    for (const email of [hana, ilya, jun, kim, lea, max, ned]) await addPerson(gatehouse, email);
    await settleIn(gatehouse.urls[0]!, key, [hana, ilya, jun, kim, lea, max, ned]);
  }, 120_000);
  afterAll(() => mailed.stop(), 60_000);

  const record = async (attempts: unknown[]): Promise<void> => {
    const answer = await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', attempts, {
      authorization: `Bearer ${key}`,
    });
    expect(answer.body).toMatchObject({ recorded: attempts.length });
  };
  const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1_000).toISOString();
  const guesses = (ip: string, names: readonly string[]) =>
    names.map((name, index) =>
      anAttempt({
        ip,
        userAgent: 'curl/8.5',
        subject: `${name}@example.com`,
        occurredAt: at((names.length - index) * 2),
      }),
    );
  const detail = async (id: string, client = ana) =>
    (await client.call<AlertDetail>('GET', `/api/v1/alerts/${id}`)).body;
  /** The alert that stands for what one address did, once it counts so many attempts. */
  const alertFrom = (ip: string, attempts: number) =>
    eventually(async () => {
      const [row] = await gatehouse.database.query<{ id: string }[]>(
        `SELECT i.lead_id AS id FROM incidents i JOIN incident_sources s ON s.incident_id = i.id WHERE s.ip = $1 AND i.attempts = $2`,
        [ip, attempts],
      );
      return row && detail(row.id);
    }, `${ip} is in an incident of ${attempts} attempts`);
  const alertAbout = (email: string) =>
    eventually(async () => {
      const [row] = await gatehouse.database.query<{ id: string }[]>(
        `SELECT a.id FROM alerts a JOIN people p ON p.id = a.person_id WHERE a.kind = 'suspicious-sign-in' AND p.email = $1 ORDER BY a.raised_at DESC`,
        [email],
      );
      return row && detail(row.id);
    }, `an alert about ${email}`);
  const change = (client: ApiClient, id: string, body: unknown) =>
    client.call<AlertView & { detail?: string }>('PATCH', `/api/v1/alerts/${id}`, body);
  const contain = (client: ApiClient, id: string, body: unknown = {}) =>
    client.call<ContainmentReceipt>('POST', `/api/v1/alerts/${id}/contain`, body);
  const kinds = async (id: string) => (await detail(id)).history.map(({ kind }) => kind);

  it('moves alerts by a table, keeps who, when and why, and tells who came second who was first', async () => {
    await record(guesses('198.18.60.1', Array(6).fill('nemo')));
    const { id, number } = await alertFrom('198.18.60.1', 6);
    expect((await ana.call<AlertDetail>('GET', `/api/v1/alerts/${number}`)).body.id).toBe(id);
    expect((await change(ana, id, { action: 'take' })).body).toMatchObject({
      status: 'in_progress',
      assignee: { name: 'Ana' },
    });
    const to = (await bea.me()).person.id;
    expect((await change(ana, id, { action: 'assign', to })).body.assignee?.name).toBe('bea');
    const [user] = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [kim]);
    expect(await change(ana, id, { action: 'assign', to: user!.id })).toMatchObject({ status: 400 });
    await change(bea, id, { action: 'note', note: 'Looks like the scanner of the auditors.' });
    await change(ana, id, { action: 'resolve', verdict: 'benign', note: 'A test' });
    const late = await change(bea, id, { action: 'resolve', verdict: 'true_positive' });
    expect(late.status).toBe(409);
    expect(late.body.detail).toMatch(/^Ana resolved this \d+ s ago\.$/);
    expect((await change(ana, id, { action: 'close' })).body).toMatchObject({ status: 'closed', verdict: 'benign' });
    expect(await change(ana, id, { action: 'take' })).toMatchObject({ status: 409 });
    expect(await change(ana, id, { action: 'reopen' })).toMatchObject({ status: 400 });
    expect((await change(ana, id, { action: 'reopen', note: 'It was not theirs.' })).body).toMatchObject({
      status: 'in_progress',
      verdict: null,
    });
    const { history } = await detail(id);
    expect(history.slice(-6)).toMatchObject([
      { kind: 'taken', by: 'Ana' },
      { kind: 'assigned', by: 'Ana', note: 'bea' },
      { kind: 'noted', by: 'bea', note: 'Looks like the scanner of the auditors.' },
      { kind: 'resolved', by: 'Ana', note: 'A test' },
      { kind: 'closed', by: 'Ana' },
      { kind: 'reopened', by: 'Ana', note: 'It was not theirs.' },
    ]);
  });

  it('puts alerts off by the clock of the database, and brings them back at their time or with something new', async () => {
    await record(guesses('198.18.61.1', Array(6).fill('stale')));
    const { id } = await alertFrom('198.18.61.1', 6);
    const held = await change(ana, id, { action: 'hold', until: 'tomorrow', timeZone: 'Asia/Tokyo' });
    expect(held.body.status).toBe('on_hold');
    const tokyo = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', timeStyle: 'short' });
    expect(tokyo.format(new Date(held.body.heldUntil!))).toBe('09:00');
    const hours = (Date.parse(held.body.heldUntil!) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(8);
    expect(hours).toBeLessThan(34);
    const week = await change(bea, id, { action: 'hold', until: 'next_week', timeZone: 'Europe/Lisbon' });
    expect(
      new Date(week.body.heldUntil!).toLocaleDateString('en', { timeZone: 'Europe/Lisbon', weekday: 'long' }),
    ).toBe('Monday');
    // More of the same is no news.
    await record(guesses('198.18.61.1', Array(2).fill('stale')));
    await alertFrom('198.18.61.1', 8);
    expect((await detail(id)).status).toBe('on_hold');
    // A second account is.
    await record(guesses('198.18.61.1', ['other']));
    await eventually(async () => (await detail(id)).status === 'in_progress', 'it is back');
    expect((await detail(id)).history.at(-1)).toMatchObject({ kind: 'returned', note: 'New evidence' });

    await change(ana, id, { action: 'hold', until: 'hour', timeZone: 'UTC' });
    await gatehouse.database.query(`UPDATE alerts SET held_until = now() WHERE id = $1`, [id]);
    await eventually(async () => (await detail(id)).status === 'in_progress', 'its hour is over');
    expect((await detail(id)).heldUntil).toBeNull();
    expect((await kinds(id)).filter((kind) => kind === 'returned')).toHaveLength(2);
  });

  it('merges alerts so that they move as one, keeps the evidence of both, and takes it back', async () => {
    await record([...guesses('198.18.62.1', Array(6).fill('mona')), ...guesses('198.19.62.1', Array(7).fill('milo'))]);
    const one = await alertFrom('198.18.62.1', 6);
    const two = await alertFrom('198.19.62.1', 7);
    expect(two.incident?.id).not.toBe(one.incident?.id);
    const merged = await ana.call<AlertView>('POST', `/api/v1/alerts/${two.id}/merge`, { into: one.id });
    expect(merged).toMatchObject({ status: 200, body: { id: one.id } });
    expect(await ana.call('POST', `/api/v1/alerts/${one.id}/merge`, { into: two.id })).toMatchObject({ status: 409 });
    const open = (await ana.call<Page<AlertView>>('GET', '/api/v1/alerts?folded=true')).body.items.map(({ id }) => id);
    expect(open).toContain(one.id);
    expect(open).not.toContain(two.id);
    const both = await detail(one.id);
    expect(both.merged.map(({ id }) => id)).toContain(two.id);
    expect(both.merged.find(({ id }) => id === two.id)?.evidence.failures).toBe(two.evidence.failures);
    expect(both.reach.sources).toBe(2);
    await change(bea, one.id, { action: 'take' });
    expect(await detail(two.id)).toMatchObject({
      status: 'in_progress',
      assignee: { name: 'bea' },
      mergedInto: { number: one.number },
    });

    const back = await bea.call<AlertView>('POST', `/api/v1/alerts/${two.id}/unmerge`);
    expect(back.body).toMatchObject({ status: 'new', assignee: null, mergedInto: null });
    expect((await detail(one.id)).merged).toEqual([]);
    await change(ana, one.id, { action: 'resolve', verdict: 'benign' });
    expect((await detail(two.id)).status).toBe('new');
    expect(await ana.call('POST', `/api/v1/alerts/${two.id}/unmerge`)).toMatchObject({ status: 409 });
  });

  it('contains a single alert in one go, once however many press, and takes it back', async () => {
    const session = await ApiClient.signedIn(gatehouse.urls[1]!, { email: hana, password: admin.password });
    await breakIn(gatehouse, key, hana, '45.33.32.10');
    const { id, reach } = await alertAbout(hana);
    expect(reach).toMatchObject({ sessions: 1, passwords: 1, people: [{ name: 'hana', sessions: 1 }] });
    expect(reach.sources).toBeGreaterThan(0);
    const answers = await Promise.all([contain(ana, id), contain(bea, id)]);
    const [first, second] = answers[0].body.earlier === null ? answers : [answers[1], answers[0]];
    expect(first.body).toMatchObject({
      resolved: true,
      people: [{ name: 'hana', sessionsEnded: 1, passwordRequired: true }],
    });
    expect(first.body.throttledSources).toBe(reach.sources);
    expect(second.status).toBe(200);
    expect(second.body.earlier?.by).toBe(first === answers[0] ? 'Ana' : 'bea');
    expect((await session.call('GET', '/api/v1/me')).status).toBe(401);
    expect(await detail(id)).toMatchObject({ status: 'resolved', verdict: 'true_positive' });
    // Later, too, nobody gets an error.
    expect((await contain(bea, id)).body.earlier).not.toBeNull();

    const undone = await bea.call<Undone>('POST', `/api/v1/containments/${first.body.id}/undo`, {});
    expect(undone.body).toEqual({ releasedSources: reach.sources, liftedPasswords: 1, reopened: true });
    expect(await detail(id)).toMatchObject({ status: 'in_progress', verdict: null });
    const again = await ApiClient.signedIn(gatehouse.urls[0]!, { email: hana, password: admin.password });
    expect((await again.me()).person.name).toBe('hana');
    const throttled = await gatehouse.database.query<unknown[]>(
      'SELECT FROM throttled_sources WHERE containment_id = $1',
      [first.body.id],
    );
    expect(throttled).toHaveLength(0);
    expect(await ana.call('POST', `/api/v1/containments/${first.body.id}/undo`, {})).toMatchObject({ status: 404 });
    expect((await kinds(id)).slice(-4)).toEqual(['contained', 'resolved', 'reopened', 'released']);
  });

  it('lifts only the demand that it made, and none where the password is too short to do alone', async () => {
    const { database } = gatehouse;
    const due = async (email: string) => {
      const [row] = await database.query<{ due: boolean }[]>(
        'SELECT password_change_required_at IS NOT NULL AS due FROM people WHERE email = $1',
        [email],
      );
      return row!.due;
    };
    const undo = async (of: { body: ContainmentReceipt }) =>
      (await bea.call<Undone>('POST', `/api/v1/containments/${of.body.id}/undo`, {})).body.liftedPasswords;
    const lifted = (email: string) =>
      database.query<{ before: unknown; after: unknown }[]>(
        `SELECT e.actor_name AS by, e.detail->'before' AS before, e.detail->'after' AS after FROM audit_entries e JOIN people p ON p.id = e.target_id::uuid
         WHERE e.action = 'password.change_lifted' AND p.email = $1`,
        [email],
      );
    const wasDemanded = { newPasswordRequired: true };
    const undemanded = { newPasswordRequired: false };
    expect(await lifted(hana)).toEqual([{ by: 'bea', before: wasDemanded, after: undemanded }]);

    // The person said meanwhile that it wasn't them: that demand is theirs.
    await breakIn(gatehouse, key, max, '45.33.32.14');
    const about = await alertAbout(max);
    const contained = await contain(ana, about.id);
    const link = await mailed.tokenTo(max, 'Was this you?');
    const says = new ApiClient(gatehouse.urls[0]!);
    expect(
      (await says.call('POST', '/api/v1/sign-in-question/answer', { token: link, answer: 'not_mine' })).status,
    ).toBe(200);
    expect(await undo(contained)).toBe(0);
    expect([await due(max), await lifted(max)]).toEqual([true, []]);

    // A short password stays to be replaced, and who has it is told why.
    await breakIn(gatehouse, key, ned, '45.33.32.15');
    const short = await contain(ana, (await alertAbout(ned)).id);
    await database.query('UPDATE people SET password_short = true WHERE email = $1', [ned]);
    expect(await undo(short)).toBe(1);
    expect([await due(ned), (await lifted(ned)).length]).toEqual([true, 1]);
    await mailed.mailTo(ned, 'Choose a longer password');
  });

  it('asks the person now, and not again before they could answer', async () => {
    await breakIn(gatehouse, key, ilya, '45.33.32.11');
    const { id, askable } = await alertAbout(ilya);
    expect(askable).toBe(true);
    const mailedAt = await mailed.tokenTo(ilya, 'Was this you?');
    expect(await ana.call('POST', `/api/v1/alerts/${id}/ask`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^ilya was asked \d+ s ago\.$/) as string },
    });
    await gatehouse.database.query(
      `UPDATE sign_in_questions SET expires_at = expires_at - interval '1 hour' WHERE alert_id = $1`,
      [id],
    );
    expect(await ana.call('POST', `/api/v1/alerts/${id}/ask`)).toMatchObject({ status: 200, body: { person: 'ilya' } });
    const look = (token: string) =>
      new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/sign-in-question', { token });
    const token = await mailed.tokenTo(ilya, 'Was this you?', 1);
    expect((await look(token)).status).toBe(200);
    expect((await look(mailedAt)).status).toBe(410);
    expect(await detail(id)).toMatchObject({
      question: { answer: null },
      history: expect.arrayContaining([expect.objectContaining({ kind: 'asked', by: 'Ana', note: 'ilya' })]) as unknown,
    });
  });

  it('keeps quiet about what was dismissed for a person, from there alone, until that is lifted', async () => {
    const ip = '198.18.63.1';
    await record(guesses(ip, Array(6).fill('jun')));
    const first = await alertFrom(ip, 6);
    const number = first.incident!.alerts;
    const raised = async () => {
      const [row] = await gatehouse.database.query<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM alerts WHERE evidence->'topAddresses'->0->>'value' = $1`,
        [ip],
      );
      return row!.n;
    };
    await change(ana, first.id, { action: 'resolve', verdict: 'benign', note: 'Known network', mute: true });
    const mutes = async () => (await bea.call<Page<AlertMute>>('GET', '/api/v1/alert-mutes')).body.items;
    // Brute force against one person, by one address: each kind that it was found as.
    expect(await mutes()).toHaveLength(number);
    const mute = (await mutes()).find(({ kind }) => kind === first.kind);
    expect(mute).toMatchObject({
      person: { name: 'jun' },
      reason: 'Known network',
      by: 'Ana',
      keptQuiet: 0,
    });
    // The same cause is the same alert for a while: a new one needs another key, as after that while.
    const forget = () =>
      gatehouse.database.query(`UPDATE alerts SET dedup_key = dedup_key || id WHERE incident_id = $1`, [
        first.incident!.id,
      ]);
    await forget();
    const again = () => record(guesses(ip, Array(3).fill('jun')));
    await again();
    await eventually(async () => (await mutes()).every(({ keptQuiet }) => keptQuiet > 0), 'it was kept quiet');
    expect(await raised()).toBe(number);
    for (const { id } of await mutes())
      expect((await bea.call('DELETE', `/api/v1/alert-mutes/${id}`)).status).toBe(204);
    await again();
    await eventually(async () => (await raised()) === 2 * number, 'it is alerted on again');
    const audited = await gatehouse.database.query<{ action: string }[]>(
      `SELECT action FROM audit_entries WHERE action LIKE 'alert_mute.%' ORDER BY sequence`,
    );
    expect(new Set(audited.map(({ action }) => action))).toEqual(new Set(['alert_mute.added', 'alert_mute.removed']));
  });

  it('measures each rule by its verdicts, and names the ones that are mostly wrong', async () => {
    await gatehouse.database.query(
      `INSERT INTO alerts (id, kind, severity, status, verdict, dedup_key, subject, evidence, first_at, last_at, raised_at, resolved_at)
       SELECT gen_random_uuid(), 'user-enumeration', 'medium', 'resolved', CASE WHEN n = 1 THEN 'true_positive' ELSE 'false_positive' END, 'measured-' || n, 'x',
         '{"topSubjects": [], "topAddresses": []}', now(), now(), now() - interval '10 minutes', now() FROM generate_series(1, 6) AS n`,
    );
    await gatehouse.database.query(
      `INSERT INTO alert_events (alert_id, kind, person_id, at) SELECT a.id, 'resolved', p.id, a.raised_at + interval '4 minutes'
       FROM alerts a, people p WHERE a.kind = 'user-enumeration' AND p.email = $1`,
      [admin.email],
    );
    const { body } = await bea.call<AlertQuality>('GET', '/api/v1/alert-quality?days=7');
    const [stored] = await gatehouse.database.query<{ alerts: number; attempts: number }[]>(
      `SELECT (SELECT count(*)::int FROM alerts) AS alerts,
         (SELECT count(*)::int FROM attempts WHERE occurred_at > date_trunc('hour', now() - interval '7 days') + interval '1 hour') AS attempts`,
    );
    expect(body).toMatchObject({ days: 7, alerts: stored!.alerts, attempts: stored!.attempts });
    expect(body.per10k).toBeCloseTo((stored!.alerts / stored!.attempts) * 10_000, 6);
    expect(body.rules.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(stored!.alerts);
    expect(body.rules.find(({ kind }) => kind === 'user-enumeration')).toEqual({
      ...{ kind: 'user-enumeration', alerts: 6, real: 1, falseAlarms: 5, harmless: 0, medianMinutes: 4, noisy: true },
      precision: 1 / 6,
      per10k: expect.any(Number) as number,
    });
  });
});
