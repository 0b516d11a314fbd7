import { randomUUID } from 'node:crypto';
import type { Page } from '../../server/contracts/paging.js';
import type {
  TeamAttempt,
  TeamPerson,
  TeamPersonDetail,
  TeamSession,
  TeamWarning,
} from '../../server/contracts/team.js';
import { ApiClient, eventually, type Gatehouse } from '../support/gatehouse.js';
import { openLive } from '../support/live.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../support/mail-server.js';
import { browserOf } from '../support/sessions.js';
import { breakIn, settleIn } from '../support/suspicion.js';

const ATTACKER = '45.33.32.156';

/** Top leads Mid, who leads Low and Own; Peer leads nobody of them. */
describe('a manager and the reporting line', () => {
  let mailed: MailedGatehouse;
  let gatehouse: Gatehouse;
  let key: string;
  const ids: Record<string, string> = {};
  const email = (name: string): string => `${name}@example.com`;

  beforeAll(async () => {
    mailed = await startGatehouseWithMail();
    gatehouse = mailed.gatehouse;
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
    const line: [string, string, string | null][] = [
      ['top', 'manager', null],
      ['peer', 'manager', 'top'],
      ['mid', 'manager', 'top'],
      ['low', 'user', 'mid'],
      ['own', 'user', 'mid'],
      ['rounda', 'manager', null],
      ['roundb', 'manager', 'rounda'],
    ];
    for (const [name, role, manager] of line) {
      ids[name] = randomUUID();
      await gatehouse.database.query(
        `INSERT INTO people (id, name, email, role, manager_id, password_hash) SELECT $1, $2, $3, $4, $5, password_hash FROM people WHERE role = 'admin'`,
        [ids[name], name, email(name), role, manager === null ? null : ids[manager]],
      );
      await gatehouse.database.query(
        `INSERT INTO person_identifiers (value, kind, person_id) VALUES ($1, 'email', $2)`,
        [email(name), ids[name]],
      );
    }
    await gatehouse.database.query('UPDATE people SET manager_id = $1 WHERE id = $2', [ids['roundb'], ids['rounda']]);
    await settleIn(gatehouse.urls[0]!, key, [email('low')]);
  }, 90_000);
  afterAll(() => mailed.stop());

  const as = (name: string, role: 'manager' | 'user' = 'manager') => browserOf(gatehouse, { id: ids[name]!, role });
  const people = async (client: ApiClient, query = ''): Promise<string[]> =>
    (await client.call<Page<TeamPerson>>('GET', `/api/v1/team${query}`)).body.items.map(({ name }) => name);
  const of = (name: string, rest = ''): string => `/api/v1/team/people/${ids[name]!}${rest}`;

  it('sees everybody below on all levels, nobody beside or above, and ends in a circle', async () => {
    expect(await people(await as('top'))).toEqual(['low', 'mid', 'own', 'peer']);
    expect(await people(await as('top'), '?show=direct')).toEqual(['mid', 'peer']);
    expect(await people(await as('mid'))).toEqual(['low', 'own']);
    expect(await people(await as('peer'))).toEqual([]);
    expect(await people(await as('rounda'))).toEqual(['roundb']);
    const { body } = await (await as('top')).call('GET', '/api/v1/team/summary');
    expect(body).toEqual({ people: 4, direct: 2, toAnswer: 0, withoutTwoStep: 4 });
    const paged: string[] = [];
    let cursor: string | null = '';
    const top = await as('top');
    while (cursor !== null) {
      const page: { body: Page<TeamPerson> } = await top.call(
        'GET',
        `/api/v1/team?limit=1&cursor=${cursor}`.replace(/&cursor=$/, ''),
      );
      paged.push(...page.body.items.map(({ name }) => name));
      cursor = page.body.nextCursor;
    }
    expect(paged).toEqual(['low', 'mid', 'own', 'peer']);
  });

  it('reaches nobody who is not below, by any route', async () => {
    const victim = await as('low', 'user');
    const routes: [string, string, object?][] = [
      ['GET', ''],
      ['GET', '/sessions'],
      ['GET', '/activity'],
      ['POST', '/reveal', { reason: 'curious about it' }],
      ['POST', '/sessions/revoke', {}],
      ['POST', `/sessions/${victim.sessionId}/revoke`, {}],
    ];
    const strangers: [string, string][] = [
      ['peer', 'low'],
      ['mid', 'mid'],
      ['mid', 'top'],
      ['mid', 'peer'],
      ['rounda', 'low'],
      ['rounda', 'rounda'],
    ];
    for (const [reader, about] of strangers) {
      const client = await as(reader);
      for (const [method, rest, body] of routes)
        expect([reader, about, rest, (await client.call(method, of(about, rest), body)).status]).toEqual([
          reader,
          about,
          rest,
          404,
        ]);
      const remind = await client.call('POST', '/api/v1/team/reminders', { people: [ids[about]] });
      expect(remind.status).toBe(404);
    }
    // A session of somebody else, under the name of somebody who does report.
    const mid = await as('mid');
    expect((await mid.call('POST', of('own', `/sessions/${victim.sessionId}/revoke`), {})).status).toBe(404);
    expect((await victim.call('GET', '/api/v1/me')).status).toBe(200);
  });

  it('loses a person with the next request after they left the line', async () => {
    const mid = await as('mid');
    expect((await mid.call('GET', of('own'))).status).toBe(200);
    await mid.call('POST', of('own', '/reveal'), { reason: 'before they left' });
    await gatehouse.database.query('UPDATE people SET manager_id = $1 WHERE id = $2', [ids['peer'], ids['own']]);
    for (const rest of ['', '/sessions', '/activity'])
      expect((await mid.call('GET', of('own', rest))).status).toBe(404);
    expect(await people(mid)).toEqual(['low']);
    expect((await (await as('peer')).call('GET', of('own'))).status).toBe(200);
    await gatehouse.database.query('UPDATE people SET manager_id = $1 WHERE id = $2', [ids['mid'], ids['own']]);
  });

  it('shows addresses and places only after a reason, to who gave it, and tells the person', async () => {
    const [mid, top, low] = [await as('mid'), await as('top'), await as('low', 'user')];
    const looked = async (client: ApiClient) => {
      const sessions = await client.call<Page<TeamSession>>('GET', of('low', '/sessions'));
      const activity = await client.call<Page<TeamAttempt>>('GET', of('low', '/activity'));
      return JSON.stringify([sessions.body.items, activity.body.items]);
    };
    // Of the sign-ins, and of the session.
    const addresses = ['193.136.2.20', '127.0.0.1'];
    const shown = async (client: ApiClient): Promise<string[]> => {
      const text = await looked(client);
      return addresses.filter((address) => text.includes(address));
    };
    expect(await looked(mid)).toContain('"country":"PT","details":null');
    expect(await shown(mid)).toEqual([]);
    expect((await mid.call('POST', of('low', '/reveal'), { reason: '  x ' })).status).toBe(400);
    const reason = 'Sam asked me to check <b>this</b>';
    expect((await mid.call('POST', of('low', '/reveal'), { reason })).status).toBe(200);
    expect(await shown(mid)).toEqual(addresses);
    expect(await shown(top)).toEqual([]);
    expect((await mid.call<TeamPersonDetail>('GET', of('low'))).body.revealedUntil).not.toBeNull();
    const seen = await low.call<{ items: unknown[] }>('GET', '/api/v1/me/looks');
    expect(seen.body.items).toMatchObject([{ by: 'mid', reason }]);
    expect((await top.call<{ items: unknown[] }>('GET', '/api/v1/me/looks')).body.items).toEqual([]);
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    const { body: log } = await staff.call<Page<{ action: string; detail: object }>>(
      'GET',
      `/api/v1/audit?target=${ids['low']!}`,
    );
    expect(log.items.filter(({ action }) => action === 'person.details_revealed')).toMatchObject([
      { detail: { reason } },
    ]);
    await gatehouse.database.query(`UPDATE detail_looks SET until = now() WHERE person_id = $1`, [ids['low']]);
    expect(await shown(mid)).toEqual([]);
  });

  it('ends sessions at once and says who did it; staff pages stay shut', async () => {
    const [mid, low] = [await as('mid'), await as('low', 'user')];
    const ended = await mid.call('POST', of('low', `/sessions/${low.sessionId}/revoke`), {
      reason: 'Left the phone in a taxi',
    });
    expect(ended).toMatchObject({ status: 200, body: { by: { name: 'mid' }, reason: 'Left the phone in a taxi' } });
    expect(await low.call('GET', '/api/v1/me')).toMatchObject({ status: 401, body: { detail: 'revoked_by_manager' } });
    expect((await mid.call('GET', '/api/v1/people')).status).toBe(403);
    expect((await mid.call('GET', '/api/v1/attempts')).status).toBe(403);
    expect((await mid.me()).may).toEqual({ watch: false, act: false, administer: false, lead: true });
  });

  it('reminds each once a week, also when two press at once', async () => {
    const [mid, top] = [await as('mid'), await as('top')];
    const remind = (client: ApiClient, ...names: string[]) =>
      client.call('POST', '/api/v1/team/reminders', { people: names.map((name) => ids[name]) });
    const both = await Promise.all([remind(mid, 'low', 'own'), remind(top, 'own', 'low')]);
    expect(both.map(({ body }) => body['reminded']).sort()).toEqual([0, 2]);
    expect((await mailed.mailTo(email('low'), 'Please turn on two-step sign-in')).text).toContain(
      'asks you to turn on',
    );
    expect((await remind(top, 'low', 'peer')).body).toEqual({ reminded: 1, skipped: 1 });
    await gatehouse.database.query(`UPDATE two_step_reminders SET reminded_at = now() - interval '8 days'`);
    expect((await remind(mid, 'low')).body).toEqual({ reminded: 1, skipped: 0 });
    // One of them is not theirs: nobody is reminded.
    expect((await remind(mid, 'own', 'top')).status).toBe(404);
    const sent = await gatehouse.database.query<{ email: string }[]>(
      `SELECT p.email FROM notifications n JOIN people p ON p.id = n.person_id WHERE n.kind = 'two_step_reminder' ORDER BY 1`,
    );
    expect(sent.map((row) => row.email)).toEqual(['low', 'low', 'own', 'peer'].map(email));
  });

  it('answers an alert as the mail does, once, and hears of it without asking', async () => {
    const [mid, peer] = [await as('mid'), await as('peer')];
    const told: string[] = [];
    const socket = await openLive(mid);
    socket.on('team.changed', () => told.push('changed'));
    await breakIn(gatehouse, key, email('low'), ATTACKER);
    await eventually(async () => told.length > 0, 'the manager hears of it');
    socket.close();
    // The dead session of the test before was presented once more, which is an alert too.
    const doubtful = async (): Promise<TeamWarning[]> =>
      (await mid.call<Page<TeamWarning>>('GET', '/api/v1/team/warnings')).body.items.filter(
        ({ kind }) => kind === 'suspicious-sign-in',
      );
    const [warning] = (await doubtful()) as [TeamWarning];
    expect(warning).toMatchObject({ person: 'low', application: 'Webmail', open: true, answers: [] });
    expect(JSON.stringify(warning)).not.toContain(ATTACKER);
    expect((await people(mid))[0]).toBe('low');
    const path = `/api/v1/team/warnings/${warning.alertId}`;
    expect((await peer.call('GET', path)).status).toBe(404);
    expect((await peer.call('POST', `${path}/answer`, { answer: 'expected', seen: warning.lastAt })).status).toBe(404);
    const say = (answer: string) => mid.call('POST', `${path}/answer`, { answer, seen: warning.lastAt });
    expect(await say('asking')).toMatchObject({ status: 200, body: { open: true, nextAt: null } });
    const many = await Promise.all([say('not_expected'), say('not_expected'), say('expected')]);
    expect(many.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await doubtful()).toEqual([]);
    const { body: given } = await mid.call<{ items: { answer: string }[] }>('GET', '/api/v1/team/answers');
    expect(given.items).toHaveLength(2);
    const [actor] = await gatehouse.database.query<{ name: string }[]>(
      `SELECT actor_name AS name FROM audit_entries WHERE action = 'warning.asking'`,
    );
    expect(actor!.name).toBe('mid');
  });
});
