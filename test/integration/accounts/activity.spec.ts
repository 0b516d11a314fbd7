import { setTimeout as wait } from 'node:timers/promises';
import type { ActivityCounts, ActivityRow, LockDown, LockDownState } from '../../../server/contracts/activity.js';
import type { AlertDetail, AlertView } from '../../../server/contracts/alerts.js';
import type { Page } from '../../../server/contracts/paging.js';
import { addPerson, Browser, codeOf, forgetSteps, turnOnTotp, wrongCode } from '../../support/factors.js';
import { admin, anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';

const MANAGER = 'maya@example.com';
const next = 'eight quick trams at dusk';

describe('the own activity, and "This wasn\'t me"', () => {
  let gatehouse: Gatehouse;
  let url: string;
  /** The person's browser, which stays signed in. */
  let here: ApiClient;
  /** A sign-in at a connected application, and one to Gatehouse by somebody else. */
  let webmail: ActivityRow;
  let intruder: ApiClient;

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    url = gatehouse.urls[0]!;
    here = await ApiClient.signedIn(url);
    await here.call('POST', '/api/v1/people', [{ email: MANAGER, name: 'Maya Manager' }]);
    await here.call('POST', '/api/v1/people', [
      { email: admin.email, name: 'Ana', role: 'admin', managerEmail: MANAGER },
    ]);
    intruder = await ApiClient.signedIn(url);
    const authorization = `Bearer ${await here.application('Webmail')}`;
    const mine = (outcome: string, more = {}) => anAttempt({ subject: admin.email, outcome, ...more });
    const records = [
      mine('success', { factor: 'totp', reason: undefined }),
      mine('failure'),
      mine('blocked', { reason: 'too_many_tries' }),
      anAttempt({ subject: 'somebody.else@example.com', outcome: 'success' }),
    ];
    await new ApiClient(url).call('POST', '/api/v1/attempts', records, { authorization });
    await eventually(async () => (await counts()).all === 5, 'two own sign-ins and three tries at Webmail');
    const { items } = await list('?show=successful');
    webmail = items.find(({ application }) => application.name === 'Webmail')!;
  }, 60_000);
  afterAll(() => gatehouse.stop());

  const list = async (query = ''): Promise<Page<ActivityRow>> =>
    (await here.call<Page<ActivityRow>>('GET', `/api/v1/me/activity${query}`)).body;
  const counts = async (): Promise<ActivityCounts> =>
    (await here.call<ActivityCounts>('GET', '/api/v1/me/activity/counts')).body;
  const answer = (verb: 'confirm' | 'disown', id: string, client = here) =>
    client.call('POST', `/api/v1/me/activity/${id}/${verb}`);
  /** Sign-ins in the profile of the person. */
  const learnt = async (): Promise<number | undefined> => {
    const [row] = await gatehouse.database.query<{ n: number }[]>(
      `SELECT (state::json->>'n')::int AS n FROM profiles r JOIN people p ON r.subject_key = p.id::text WHERE p.email = $1`,
      [admin.email],
    );
    return row?.n;
  };
  const genuine = async (): Promise<number> => (await counts()).successful;
  const mailsOf = async (kind: string): Promise<string[]> => {
    const rows = await gatehouse.database.query<{ recipient: string }[]>(
      'SELECT recipient FROM notifications WHERE kind = $1 ORDER BY recipient',
      [kind],
    );
    return rows.map(({ recipient }) => recipient);
  };
  const ownSignIn = async ({ current }: { current: boolean }): Promise<ActivityRow> =>
    (await list('?show=successful')).items.find(({ session }) => session?.current === current)!;

  it('shows the own attempts everywhere, and nobody else’s', async () => {
    const { items } = await list();
    expect(items).toHaveLength(5);
    expect(items.map(({ application }) => application.name).sort()).toEqual([
      ...['Gatehouse', 'Gatehouse', 'Webmail', 'Webmail', 'Webmail'],
    ]);
    expect(webmail).toMatchObject({ factor: 'totp', session: null, answer: null });
    expect(JSON.stringify(items)).not.toMatch(/score|somebody\.else/);
    expect((await ownSignIn({ current: true })).session).toEqual({ current: true, endedAt: null });
  });

  it('filters with exact counts, pages, and leaves out what is older than 90 days', async () => {
    await gatehouse.database.query('UPDATE attempts SET score = 0, signals = NULL');
    expect(await counts()).toEqual({ all: 5, successful: 3, failed: 2, newDevice: 0, suspicious: 0, passwordKnown: 0 });
    expect((await list('?show=failed')).items.map(({ outcome }) => outcome).sort()).toEqual(['blocked', 'failure']);
    await gatehouse.database.query(
      `UPDATE attempts SET score = 80, signals = '[{"kind": "new-device"}, {"kind": "new-country"}]' WHERE id = $1`,
      [webmail.id],
    );
    expect(await counts()).toMatchObject({ newDevice: 1, suspicious: 1 });
    const { items } = await list('?show=new_device');
    expect(items).toMatchObject([{ id: webmail.id, suspicious: true, novelties: ['device', 'country'] }]);
    expect((await list('?show=unanswered')).items.map(({ id }) => id)).toEqual([webmail.id]);
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.nextCursor!}`);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4);
    expect((await here.call('GET', '/api/v1/me/activity?show=everything')).status).toBe(400);
  });

  it('finds words in what is shown, a country by its name, and counts the same', async () => {
    const found = async (search: string) => {
      const query = `search=${encodeURIComponent(search)}`;
      const { items } = await list(`?${query}`);
      expect((await here.call('GET', `/api/v1/me/activity/counts?${query}`)).body).toMatchObject({ all: items.length });
      return items.length;
    };
    await gatehouse.database.query(`UPDATE attempts SET country = 'SG', city = 'Singapore' WHERE id = $1`, [
      webmail.id,
    ]);
    await gatehouse.database.query(`UPDATE attempts SET country = 'PT', city = 'Faro' WHERE outcome = 'blocked'`);
    expect([await found('webmail'), await found('  '), await found('portug'), await found('45.33.32.156')]).toEqual([
      ...[3, 5, 1, 3],
    ]);
    expect([await found('CHROME singapore'), await found('faro singapore'), await found('%'), await found('')]).toEqual(
      [1, 0, 0, 5],
    );
    expect((await list('?search=webmail&show=failed')).items).toHaveLength(2);
    expect((await here.call('GET', `/api/v1/me/activity?search=${'x'.repeat(121)}`)).status).toBe(400);
  });

  it('is saved as CSV, which leaves a trace', async () => {
    const answered = await fetch(`${url}/api/v1/me/activity/export?show=failed`, { headers: { cookie: here.cookie } });
    expect(answered.headers.get('content-disposition')).toMatch(/^attachment; filename="my-sign-ins-\S+\.csv"$/);
    const lines = (await answered.text()).trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^occurred_at,outcome,reason,factor,application,ip,/);
    const [entry] = await gatehouse.database.query<{ detail: unknown }[]>(
      `SELECT detail FROM audit_entries WHERE action = 'data.exported' ORDER BY sequence DESC LIMIT 1`,
    );
    expect(entry!.detail).toEqual({ filter: { show: 'failed' } });
  });

  it('keeps "This was me"; only sign-ins of one’s own have an answer', async () => {
    expect(await answer('confirm', webmail.id)).toMatchObject({
      status: 200,
      body: { answer: 'mine', suspicious: false },
    });
    expect((await answer('confirm', webmail.id)).status).toBe(200);
    await eventually(async () => (await learnt()) === 3, 'the sign-in is learnt although its score is high');
    const [failure] = (await list('?show=failed')).items;
    const [foreign] = await gatehouse.database.query<{ id: string }[]>(
      `SELECT id FROM attempts WHERE subject = 'somebody.else@example.com'`,
    );
    for (const id of [failure!.id, foreign!.id, '00000000-0000-4000-8000-000000000000'])
      for (const verb of ['confirm', 'disown'] as const) expect((await answer(verb, id)).status).toBe(404);
    expect((await answer('disown', (await ownSignIn({ current: true })).id)).body).toMatchObject({ code: 'conflict' });
    expect((await here.me()).confinedTo).toBeNull();
  });

  it('locks the account down once, however often and at how many times "This wasn’t me" is pressed', async () => {
    await ApiClient.signedIn(url);
    const stolen = await eventually(
      async () => (await list('?show=successful')).items.find((row) => row.id !== webmail.id && !row.session?.current),
      'the sign-in is listed',
    );
    const answers = await Promise.all(Array.from({ length: 10 }, () => answer('disown', stolen.id)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]!.body).toMatchObject({
      attemptId: stolen.id,
      application: 'Gatehouse',
      session: 'ended',
      otherSessions: 1,
      distrusted: 0,
      managerTold: true,
      passwordChangedAt: null,
    });
    expect((await intruder.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    expect(await mailsOf('account_secured')).toEqual([admin.email]);
    expect(await mailsOf('sign_in_disowned')).toEqual([admin.email, MANAGER]);
  });

  it('lets the person do nothing before a new password, and comes back to that after a new sign-in', async () => {
    expect((await here.me()).confinedTo).toBe('password_change');
    for (const path of ['/me/sessions', '/me/activity', '/alerts', '/people'])
      expect((await here.call('GET', `/api/v1${path}`)).body).toMatchObject({ code: 'password_change_required' });
    const again = await ApiClient.signedIn(url);
    expect((await again.me()).confinedTo).toBe('password_change');
    const { body } = await again.call<LockDownState>('GET', '/api/v1/me/lock-down');
    expect(body.lockDown).toMatchObject({ passwordChangedAt: null, otherSessions: 1 } satisfies Partial<LockDown>);
    const changed = await here.call('POST', '/api/v1/me/password', { current: admin.password, next });
    expect(changed.status).toBe(200);
    expect((await here.me()).confinedTo).toBeNull();
    const after = await here.call<LockDownState>('GET', '/api/v1/me/lock-down');
    expect(after.body.lockDown?.passwordChangedAt).not.toBeNull();
  });

  it('raises one alert that says who said so, with the sign-in as its evidence', async () => {
    const { body } = await here.call<Page<AlertView>>('GET', '/api/v1/alerts?kind=disowned-sign-in');
    expect(body.items).toMatchObject([
      { severity: 'critical', status: 'new', subject: 'Ana', evidence: { attempts: 1 } },
    ]);
    const alert = await here.call<AlertDetail>('GET', `/api/v1/alerts/${body.items[0]!.id}`);
    expect(alert.body.attempts).toHaveLength(1);
    expect(alert.body.history.map(({ kind, by }) => [kind, by])).toEqual([
      ['raised', null],
      ['disowned', 'Ana'],
    ]);
  });

  it('lets "mine" become "not mine", never the other way', async () => {
    await wait(20);
    expect((await answer('disown', webmail.id)).body).toMatchObject({ session: 'elsewhere', application: 'Webmail' });
    await here.call('POST', '/api/v1/me/password', { current: next, next: admin.password });
    expect((await answer('confirm', webmail.id)).body).toMatchObject({ code: 'conflict' });
    await eventually(async () => (await learnt()) === (await genuine()) - 2, 'both disowned sign-ins are forgotten');
  });

  it('learns what an analyst concludes, and forgets it when the alert is reopened', async () => {
    const { body } = await here.call<Page<AlertView>>('GET', '/api/v1/alerts?kind=disowned-sign-in');
    const about = body.items.find(({ evidence }) => evidence.topAddresses[0]?.value === webmail.ip)!;
    const change = (more: object) => here.call('PATCH', `/api/v1/alerts/${about.id}`, more);
    const before = (await learnt())!;
    expect((await change({ action: 'resolve', verdict: 'benign' })).status).toBe(200);
    await eventually(async () => (await learnt()) === before + 1, 'the verdict is learnt');
    await change({ action: 'reopen' });
    await eventually(async () => (await learnt()) === before, 'it is taken back');
  });

  it('asks about a backup code in a browser not seen before, and about what came after a row of failures, whatever the score', async () => {
    const who = await addPerson(gatehouse, 'doubted@example.com');
    const known = new Browser(url);
    await known.signIn(who);
    const { backupCodes } = await turnOnTotp(known.client);
    const withCode = async (browser: Browser, code: string) => {
      expect(await browser.signIn(who)).toBe('factor_required');
      expect(await browser.factor(code, 'backup_code')).toBe('signed_in');
    };
    await withCode(known, backupCodes[0]!);
    const fresh = new Browser(url);
    await withCode(fresh, backupCodes[1]!);
    const owner = known.client;
    const asked = async (by: ApiClient) =>
      (await by.call<Page<ActivityRow>>('GET', '/api/v1/me/activity?show=unanswered')).body.items;
    const doubted = await eventually(async () => {
      const items = await asked(owner);
      return items.length > 0 && items;
    }, 'the new browser is asked about');
    expect(doubted).toMatchObject([{ factor: 'backup_code', doubts: ['backup_code'], suspicious: true }]);
    // Whoever is in with it can neither see the question nor answer it.
    expect(await asked(fresh.client)).toEqual([]);
    expect((await fresh.client.call('GET', '/api/v1/me/activity/counts')).body).toMatchObject({ suspicious: 0 });
    const own = (verb: 'confirm' | 'disown') => answer(verb, doubted[0]!.id, fresh.client);
    expect([(await own('confirm')).body, (await own('disown')).body]).toMatchObject([
      ...[{ code: 'conflict' }, { code: 'conflict' }],
    ]);
    expect((await answer('confirm', doubted[0]!.id, owner)).body).toMatchObject({ answer: 'mine', suspicious: false });

    const guessed = await addPerson(gatehouse, 'guessed@example.com');
    const theirs = new Browser(url);
    await theirs.signIn(guessed);
    const guesser = new Browser(url);
    const guess = async (browser: Browser) => {
      for (let tries = 0; tries < 5; tries += 1)
        expect(await browser.signIn({ ...guessed, password: `not this one, try ${tries}` })).toBe(401);
      expect(await browser.signIn(guessed)).toBe('signed_in');
    };
    await guess(guesser);
    const after = await eventually(async () => {
      const items = await asked(theirs.client);
      return items.length > 0 && items;
    }, 'the guesses are asked about');
    expect(after).toMatchObject([{ doubts: ['after_failures'], factor: 'password' }]);
    // The owner who mistypes in a browser of their own isn't.
    await gatehouse.database.query('DELETE FROM limits');
    await guess(theirs);
    await eventually(async () => {
      const [row] = await gatehouse.database.query<unknown[]>(
        `SELECT FROM attempts t JOIN people p ON p.id = t.person_id WHERE p.email = $1 AND t.outcome = 'success'
           AND t.session_id = $2 AND t.signals @> '[{"kind": "failures-then-success"}]'`,
        [guessed.email, (await theirs.client.me()).sessionId],
      );
      return row !== undefined;
    }, 'the sign-in after mistyping is scored');
    expect((await asked(theirs.client)).map(({ id }) => id)).toEqual(after.map(({ id }) => id));
    expect(await asked(guesser.client)).toEqual([]);
  });

  it('says when somebody knew the password and failed at the second step, and locks the account down on one answer', async () => {
    await gatehouse.database.query('DELETE FROM limits');
    const who = await addPerson(gatehouse, 'known@example.com');
    const owner = new Browser(url);
    await owner.signIn(who);
    const { secret } = await turnOnTotp(owner.client);
    const rows = async (many: number) =>
      eventually(async () => {
        const { items } = (await owner.client.call<Page<ActivityRow>>('GET', '/api/v1/me/activity')).body;
        return items.length === many && items;
      }, `${many} attempts are listed`);
    // The owner who mistypes a code and gets in has nothing to be told.
    const phone = new Browser(url);
    expect(await phone.signIn(who)).toBe('factor_required');
    expect(await phone.factor(wrongCode(secret))).not.toBe('signed_in');
    await forgetSteps(gatehouse, who.email);
    expect(await phone.factor(codeOf(secret))).toBe('signed_in');
    expect((await rows(4)).map(({ passwordKnown }) => passwordKnown)).toEqual([false, false, false, false]);
    await gatehouse.database.query(
      `UPDATE attempts SET ip = '203.0.113.9' WHERE person_id = (SELECT id FROM people WHERE email = $1)`,
      [who.email],
    );

    const thief = new Browser(url);
    expect(await thief.signIn(who)).toBe('factor_required');
    expect(await thief.factor(wrongCode(secret))).not.toBe('signed_in');
    const known = (await rows(6)).slice(0, 2);
    expect(known).toMatchObject([
      { outcome: 'failure', reason: 'wrong_code', passwordKnown: true, suspicious: false },
      { outcome: 'challenge', passwordKnown: true },
    ]);
    expect((await owner.client.call('GET', '/api/v1/me/activity/counts')).body).toMatchObject({ passwordKnown: 1 });
    expect(await answer('confirm', known[1]!.id, owner.client)).toMatchObject({
      status: 200,
      body: { answer: 'mine' },
    });
    expect(await answer('disown', known[0]!.id, owner.client)).toMatchObject({
      status: 200,
      body: { session: 'none', otherSessions: 1, passwordChangedAt: null },
    });
    expect((await owner.client.me()).confinedTo).toBe('password_change');
    const change = { current: who.password, next };
    expect((await owner.client.call('POST', '/api/v1/me/password', change)).status).toBe(200);
    expect((await rows(6)).every(({ passwordKnown }) => !passwordKnown)).toBe(true);
    // The last step waits until it is answered.
    const left = async () =>
      (await owner.client.call<LockDownState>('GET', '/api/v1/me/lock-down')).body.lockDown?.factorsCheckedAt;
    expect(await left()).toBeNull();
    expect((await owner.client.call('POST', '/api/v1/me/lock-down/factors')).status).toBe(200);
    expect(Date.parse((await left())!)).toBeGreaterThan(0);
  });
});
