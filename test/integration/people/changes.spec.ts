import type { CreatedApplication } from '../../../server/contracts/applications.js';
import type { AuditEntry } from '../../../server/contracts/operations.js';
import type { Page } from '../../../server/contracts/paging.js';
import type { PeopleCount, PersonDetail, PersonView } from '../../../server/contracts/people.js';
import type { SignInPolicyView } from '../../../server/contracts/policies.js';
import { admin, anAttempt, ApiClient, eventually } from '../../support/gatehouse.js';
import { cutAt, openLive } from '../../support/live.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';

/** What the log has to name at least, once all of it was done. */
const changed = [
  'application.created',
  'application.removed',
  'key.created',
  'key.rotated',
  'key.revoked',
  'person.added',
].concat(
  [
    'person.changed',
    'person.invited',
    'person.invitation_withdrawn',
    'person.disabled',
    'person.enabled',
    'person.removed',
  ],
  ['password.change_required', 'sms_gateway.changed', 'sms_gateway.removed', 'sign_in_policy.changed'],
);
const password = 'seven slow boats at noon';

describe('changing people, on two servers', () => {
  let installation: MailedGatehouse;
  let urls: string[];
  let staff: ApiClient;

  beforeAll(async () => {
    installation = await startGatehouseWithMail({ servers: 2 });
    urls = installation.gatehouse.urls;
    staff = await ApiClient.signedIn(urls[0]!);
  }, 120_000);
  afterAll(() => installation.stop(), 60_000);

  const list = async (query: string, client = staff): Promise<PersonView[]> =>
    (await client.call<Page<PersonView>>('GET', `/api/v1/people?${query}`)).body.items;
  const add = async (name: string, more: Record<string, unknown> = {}): Promise<PersonView> => {
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;
    const { status } = await staff.call('POST', '/api/v1/people', [{ name, email, ...more }]);
    expect(status).toBe(200);
    return (await list(`search=${email}`))[0]!;
  };
  /** With a password, as if they had chosen it. */
  const addSignedIn = async (name: string, role = 'user'): Promise<{ person: PersonView; client: ApiClient }> => {
    const person = await add(name, { role });
    await installation.gatehouse.database.query(
      'UPDATE people SET password_hash = (SELECT password_hash FROM people WHERE email = $1) WHERE id = $2',
      [admin.email, person.id],
    );
    return { person, client: await ApiClient.signedIn(urls[1]!, { email: person.email, password: admin.password }) };
  };
  const patch = (id: string, change: unknown, client = staff) =>
    client.call<PersonDetail & { code: string; errors: unknown[] }>('PATCH', `/api/v1/people/${id}`, change);
  const audited = async (action: string): Promise<AuditEntry[]> =>
    (await staff.call<Page<AuditEntry>>('GET', `/api/v1/audit?action=${action}`)).body.items;

  it('lists by name, role and state, page by page, to staff alone', async () => {
    const { client } = await addSignedIn('Lena Berg');
    await add('Leo Adeyemi', { role: 'manager', username: 'ladeyemi' });
    expect((await list('search=ladey')).map(({ name }) => name)).toEqual(['Leo Adeyemi']);
    expect((await list('search=adey')).map(({ name, state }) => [name, state])).toEqual([['Leo Adeyemi', 'known']]);
    expect((await list('state=active&role=user')).map(({ name }) => name)).toEqual(['Lena Berg']);
    expect(await list('search=%25')).toEqual([]);
    const first = (await staff.call<Page<PersonView>>('GET', '/api/v1/people?limit=1')).body;
    const { total } = (await staff.call<PeopleCount>('GET', '/api/v1/people/count')).body;
    const all = (await staff.call<Page<PersonView>>('GET', '/api/v1/people')).body.items;
    expect(total).toBe(all.length);
    const second = await staff.call<Page<PersonView>>('GET', `/api/v1/people?limit=1&cursor=${first.nextCursor}`);
    expect(second.body.items[0]?.name).not.toBe(first.items[0]?.name);
    const forged = `${first.nextCursor!.slice(0, -1)}${first.nextCursor!.endsWith('A') ? 'B' : 'A'}`;
    expect((await staff.call('GET', `/api/v1/people?cursor=${forged}`)).body).toMatchObject({ code: 'invalid_cursor' });
    expect((await client.call('GET', '/api/v1/people')).body).toMatchObject({ code: 'forbidden' });
    const { client: analyst, person } = await addSignedIn('Ines Watch', 'analyst');
    expect((await analyst.call('GET', `/api/v1/people/${person.id}`)).status).toBe(200);
    expect((await analyst.call('GET', `/api/v1/people/${person.id}/account`)).status).toBe(403);
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/disable'],
      ['POST', '/enable'],
    ] as const)
      expect((await analyst.call(method, `/api/v1/people/${person.id}${path}`, {})).status).toBe(403);
  });

  it('changes what is sent and writes down before and after', async () => {
    const [sam, maria] = [await add('Sam Okafor', { title: 'Planner' }), await add('Maria Lopes', { role: 'manager' })];
    const { body } = await patch(sam.id, { title: null, managerEmail: maria.email, username: 'sokafor' });
    expect(body).toMatchObject({ title: null, manager: { id: maria.id }, username: 'sokafor', name: 'Sam Okafor' });
    const [entry] = await audited('person.changed');
    expect(entry).toMatchObject({
      target: { kind: 'person', id: sam.id },
      detail: {
        name: 'Sam Okafor',
        before: { title: 'Planner', manager: null, username: null },
        after: { title: null, manager: maria.email, username: 'sokafor' },
      },
    });
    expect((await patch(sam.id, { title: null })).status).toBe(200);
    expect((await audited('person.changed'))[0]?.sequence).toBe(entry?.sequence);
    expect((await patch(maria.id, { username: 'SOKAFOR' })).body).toMatchObject({ code: 'already_exists' });
    expect((await patch(maria.id, { managerEmail: sam.email })).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'managerEmail', message: 'Maria Lopes would report to themselves.' }],
    });
    expect((await patch(maria.id, { managerEmail: 'nobody@example.com' })).status).toBe(400);
    expect((await patch(maria.id, { passwordHash: 'x' })).body).toMatchObject({ code: 'invalid_request' });
  });

  it('ends the sessions of whoever gets another role, and tells them', async () => {
    const { person, client } = await addSignedIn('Rui Tavares', 'analyst');
    const socket = await openLive(client);
    const [told, cut] = [new Promise((resolve) => socket.once('you.signed_out', resolve)), cutAt(socket)];
    expect((await patch(person.id, { role: 'user' })).body.role).toBe('user');
    expect((await client.call('GET', '/api/v1/me')).body).toMatchObject({
      code: 'session_ended',
      detail: 'role_changed',
    });
    expect(await told).toMatchObject({ reason: 'role_changed' });
    await cut;
    expect((await installation.mailTo(person.email, 'Your role was changed')).text).toContain('changed your role to');
  });

  it.each([
    ['by the rules of a role that was changed', 'Eva Prins', `role = 'auditor'`],
    ['by a password that was changed', 'Ivo Prins', 'password_changed_at = now()'],
    ['whose account was disabled', 'Uma Prins', 'disabled_at = now()'],
  ])('lets nobody in %s while they signed in', async (_, name, change) => {
    const { person } = await addSignedIn(name);
    const { database } = installation.gatehouse;
    const client = new ApiClient(urls[1]!);
    const signingIn = await database.transaction(async (tx) => {
      await tx.query(`UPDATE people SET ${change} WHERE id = $1`, [person.id]);
      const answer = client.call('POST', '/api/v1/sign-in', { email: person.email, password: admin.password });
      await eventually(async () => {
        const [waits] = await database.query<{ waiting: number }[]>(
          `SELECT count(*)::int AS waiting FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT granted AND a.datname = current_database()`,
        );
        return waits!.waiting > 0;
      }, 'the sign-in waits for the change');
      return { answer };
    });
    expect((await signingIn.answer).body).toMatchObject({ code: 'conflict' });
    await database.query('UPDATE people SET disabled_at = NULL WHERE id = $1', [person.id]);
  });

  it('moves a person to another address and tells both', async () => {
    const person = await add('Nadia Kovac');
    expect((await patch(person.id, { email: 'nadia@example.org' })).body.email).toBe('nadia@example.org');
    await installation.mailTo('nadia@example.org', 'An address was added');
    await installation.mailTo(person.email, 'An address was removed');
    expect(await add('Nadia Kovac')).toMatchObject({ email: person.email });
  });

  it('shuts a disabled person out with the bytes of a wrong password, and lets them in again', async () => {
    const { person, client } = await addSignedIn('Tom Reyes');
    const trySignIn = async (given: string): Promise<string> => {
      const answer = await new ApiClient(urls[1]!).call('POST', '/api/v1/sign-in', {
        email: person.email,
        password: given,
      });
      const { id: _, ...body } = answer.body;
      return JSON.stringify([answer.status, body, answer.headers.get('content-length')]);
    };
    const wrong = await trySignIn(password);
    expect((await staff.call('POST', `/api/v1/people/${person.id}/disable`, { reason: 'left' })).status).toBe(200);
    expect((await client.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    expect(await trySignIn(admin.password)).toBe(wrong);
    expect((await list('state=disabled')).map(({ id }) => id)).toEqual([person.id]);
    expect((await staff.call('POST', `/api/v1/people/${person.id}/enable`, {})).status).toBe(200);
    expect(await trySignIn(admin.password)).toMatch(/^\[200,/);
    expect((await audited('person.disabled'))[0]?.detail).toMatchObject({
      name: 'Tom Reyes',
      before: { disabled: false },
      after: { disabled: true },
      reason: 'left',
    });
  });

  it('deletes a person with their data: attempts stay without a name, the audit log as it is', async () => {
    const { person, client } = await addSignedIn('Olga Brandt');
    const key = await staff.application('Webmail');
    await new ApiClient(urls[0]!).call('POST', '/api/v1/attempts', anAttempt({ subject: 'OLGA.Brandt@example.com' }), {
      authorization: `Bearer ${key}`,
    });
    const { database } = installation.gatehouse;
    const attempts = () =>
      database.query<{ subject: string; person: string | null; agent: string | null }[]>(
        `SELECT subject, person_id AS person, user_agent AS agent FROM attempts WHERE person_id = $1 OR subject LIKE 'removed-%'`,
        [person.id],
      );
    await eventually(async () => (await attempts()).length === 2, 'both attempts are scored');
    expect((await staff.call('DELETE', `/api/v1/people/${person.id}`)).status).toBe(204);
    expect((await client.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await staff.call('GET', `/api/v1/people/${person.id}`)).status).toBe(404);
    expect(await attempts()).toEqual(
      Array.from({ length: 2 }, () => ({
        subject: expect.stringMatching(/^removed-[0-9a-f]{8}$/) as string,
        person: null,
        agent: null,
      })),
    );
    const left = await database.query<{ table: string }[]>(
      `SELECT 'profiles' AS table FROM profiles WHERE subject_key = $1 UNION ALL SELECT 'notifications' FROM notifications WHERE person_id::text = $1
       UNION ALL SELECT 'alerts' FROM alerts WHERE evidence::text LIKE '%' || $1 || '%' OR lower(evidence::text) LIKE '%olga.brandt%'`,
      [person.id],
    );
    expect(left).toEqual([]);
    expect((await audited('person.removed'))[0]?.detail).toMatchObject({
      name: 'Olga Brandt',
      before: { email: person.email },
      attemptsWithoutName: 2,
    });
    expect(await add('Olga Brandt')).not.toMatchObject({ id: person.id });
  });

  it('never loses the last administrator, whoever is demoted, disabled or deleted at once', async () => {
    const me = await staff.me();
    const refused = { status: 409, body: { code: 'last_admin' } };
    expect(await patch(me.person.id, { role: 'analyst' })).toMatchObject(refused);
    expect(await staff.call('POST', `/api/v1/people/${me.person.id}/disable`, {})).toMatchObject(refused);
    expect(await staff.call('DELETE', `/api/v1/people/${me.person.id}`)).toMatchObject(refused);
    const again = [{ name: 'Ana', email: admin.email, role: 'user' }];
    expect(await staff.call('POST', '/api/v1/people', again)).toMatchObject(refused);
    // Someone who can't sign in saves nobody.
    await add('Only Known', { role: 'admin' });
    expect(await patch(me.person.id, { role: 'analyst' })).toMatchObject(refused);

    for (let round = 0; round < 4; round += 1) {
      const { person, client } = await addSignedIn(`Second Admin ${round}`, 'admin');
      const one = await ApiClient.signedIn(urls[0]!);
      const { id } = (await one.me()).person;
      const acts = [
        () => patch(id, { role: 'analyst' }, client),
        () => client.call('POST', `/api/v1/people/${id}/disable`, {}),
      ];
      const answers = await Promise.all([patch(person.id, { role: 'user' }, one), acts[round % 2]!()]);
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      // The other came too late: it was the last one, or had lost its role or session meanwhile.
      for (const { status } of answers) expect([200, 401, 403, 409]).toContain(status);
      const admins = await installation.gatehouse.database.query<{ id: string }[]>(
        `SELECT id FROM people WHERE role = 'admin' AND disabled_at IS NULL AND password_hash IS NOT NULL`,
      );
      expect(admins).toHaveLength(1);
      await installation.gatehouse.database.query(
        `UPDATE people SET role = CASE WHEN email = $1 THEN 'admin' ELSE 'user' END, disabled_at = NULL WHERE email = $1 OR id = $2`,
        [admin.email, person.id],
      );
      staff = await ApiClient.signedIn(urls[0]!);
    }
  });

  it('says in the audit log of every change by an administrator what was before and after', async () => {
    const done = async (method: string, path: string, body: unknown = {}): Promise<Record<string, unknown>> => {
      const answer = await staff.call(method, `/api/v1${path}`, body);
      expect([path, answer.status < 300]).toEqual([path, true]);
      return answer.body;
    };
    const { application } = (await done('POST', '/applications', { name: 'Payroll' })) as CreatedApplication;
    const keys = `/applications/${application.id}/keys`;
    const first = (await done('POST', keys, { scopes: ['attempts:write'] })) as { id: string };
    const second = (await done('POST', `${keys}/${first.id}/rotate`, { overlapMinutes: 5 })) as { id: string };
    await done('POST', `${keys}/${second.id}/revoke`);
    await done('DELETE', `/applications/${application.id}`);
    await done('POST', '/people/invitations', { name: 'Nia Roth', email: 'nia@example.com' });
    const [nia] = await list('search=nia');
    await done('POST', `/people/${nia!.id}/invitation`);
    await done('DELETE', `/people/${nia!.id}/invitation`);
    const gateway = {
      form: 'twilio',
      url: 'https://api.twilio.example',
      accountSid: `AC${'0'.repeat(32)}`,
      from: '+15005550006',
    };
    await done('PUT', '/sms-gateway', { gateway, prefixes: [], perDay: 10, secret: 'k3y' });
    await done('DELETE', '/sms-gateway');
    const { roles, ...rules } = (await staff.call<SignInPolicyView>('GET', '/api/v1/policies/sign-in')).body;
    const plain = roles.map(({ people: _, withFactor: __, ...rule }) => rule);
    await done('PUT', '/policies/sign-in', { ...rules, trustDays: 7, roles: plain });
    const { person } = await addSignedIn('Pia Lund');
    await done('POST', `/people/${person.id}/require-password`, { reason: 'Found in a leak' });

    const entries = await installation.gatehouse.database.query<{ action: string; whole: boolean }[]>(
      `SELECT DISTINCT action, detail ? 'before' AND detail ? 'after' AS whole FROM audit_entries WHERE actor_kind = 'person'`,
    );
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(changed));
    expect(entries.filter(({ action, whole }) => !whole && action !== 'session.revoked')).toEqual([]);
  });

  it('keeps the audit chain whole through all of it', async () => {
    const rows = await installation.gatehouse.database.query<{ broken: number }[]>(
      `SELECT count(*)::int AS broken FROM audit_entries a LEFT JOIN audit_entries b ON b.sequence = a.sequence - 1
       WHERE a.sequence > 1 AND a.previous_hash IS DISTINCT FROM b.hash`,
    );
    expect(rows[0]?.broken).toBe(0);
  });
});
