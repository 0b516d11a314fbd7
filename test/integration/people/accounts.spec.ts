import type { Me } from '../../../server/contracts/authentication.js';
import type { AuditEntry, ChainCheck } from '../../../server/contracts/operations.js';
import type { Page } from '../../../server/contracts/paging.js';
import type { ImportPreview, PersonAccount, PersonDetail, PersonView } from '../../../server/contracts/people.js';
import type { AddressList } from '../../../server/contracts/addresses.js';
import { admin, ApiClient, eventually } from '../../support/gatehouse.js';
import { openLive } from '../../support/live.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';

const password = 'seven slow boats at noon';
const invitation = 'Your account at Gatehouse';

describe('accounts of people', () => {
  let installation: MailedGatehouse;
  let url: string;
  let staff: ApiClient;

  beforeAll(async () => {
    installation = await startGatehouseWithMail();
    url = installation.gatehouse.urls[0]!;
    staff = await ApiClient.signedIn(url);
  }, 120_000);
  afterAll(() => installation.stop(), 60_000);

  type Refused = { code: string; detail?: string; errors?: { path: string; message: string }[] };
  const invite = (name: string, email: string) =>
    staff.call<PersonDetail & Refused>('POST', '/api/v1/people/invitations', { name, email });
  const accept = (token: string, chosen = password) =>
    new ApiClient(url).call<Refused>('POST', '/api/v1/password/reset', { token, password: chosen });
  const account = (method: string, id: string, path: string, body: unknown = {}) =>
    staff.call<PersonAccount & Refused>(method, `/api/v1/people/${id}/${path}`, method === 'GET' ? undefined : body);
  const audited = async (query: string): Promise<AuditEntry[]> =>
    (await staff.call<Page<AuditEntry>>('GET', `/api/v1/audit?${query}`)).body.items;

  describe('by invitation', () => {
    it('mails a link that lets the person choose a password, once, and then sign in', async () => {
      const { status, body } = await invite('Sam Okafor', 'sam@example.com');
      expect(status).toBe(200);
      expect(body).toMatchObject({ name: 'Sam Okafor', state: 'invited' });
      const token = await installation.tokenTo('sam@example.com', invitation);
      const look = await new ApiClient(url).call('POST', '/api/v1/password/link', { token });
      expect(look.body).toMatchObject({ purpose: 'invitation', name: 'Sam Okafor', minimum: 15 });
      expect((await accept(token, 'too short')).body.code).toBe('weak_password');
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => accept(token, `${password} ${index}`)),
      );
      const won = answers.flatMap(({ status: each }, index) => (each === 200 ? [index] : []));
      expect(won).toHaveLength(1);
      await ApiClient.signedIn(url, { email: 'sam@example.com', password: `${password} ${won[0]}` });
      expect((await account('GET', body.id, 'account')).body).toMatchObject({ invitation: null });
      expect((await account('POST', body.id, 'invitation')).body.code).toBe('illegal_transition');
      const stored = await installation.gatehouse.database.query<{ dump: string }[]>(
        `SELECT string_agg(l::text, '') AS dump FROM account_links l`,
      );
      expect(stored[0]?.dump).not.toContain(token);
    });

    it('invites many at once, each who needs it, and nobody twice', async () => {
      const emails = ['ida@example.com', 'ivo@example.com'];
      await staff.call(
        'POST',
        '/api/v1/people',
        emails.map((email) => ({ email, name: email })),
      );
      const inviteAll = (list: string[]) => staff.call('POST', '/api/v1/people/invite', { emails: list });
      const all = [...emails, 'IDA@example.com', 'sam@example.com', 'nobody@example.com'];
      expect((await inviteAll(all)).body).toEqual({ invited: 2, left: 2 });
      for (const email of emails) await installation.tokenTo(email, invitation);
      expect((await inviteAll(all)).body).toEqual({ invited: 0, left: 4 });
      expect((await inviteAll(['no address'])).status).toBe(400);
    });

    it('invites again with a link that voids the former, and withdraws', async () => {
      const { body } = await invite('Lena Berg', 'lena@example.com');
      const first = await installation.tokenTo('lena@example.com', invitation);
      expect((await account('POST', body.id, 'invitation')).body.invitation).not.toBeNull();
      const second = await installation.tokenTo('lena@example.com', invitation, 1);
      expect((await accept(first)).body.code).toBe('link_invalid');
      expect((await account('DELETE', body.id, 'invitation')).body.invitation).toBeNull();
      expect((await accept(second)).body.code).toBe('link_invalid');
      expect((await audited(`target=${body.id}`)).map(({ action }) => action)).toEqual([
        'person.invitation_withdrawn',
        'person.invited',
        'person.invited',
        'person.added',
      ]);
    });

    it('answers a spent, a withdrawn and an invented link with the same bytes', async () => {
      const answer = async (token: string): Promise<string> => {
        const { status, body } = await new ApiClient(url).call('POST', '/api/v1/password/link', { token });
        return JSON.stringify([status, { ...body, id: '' }]);
      };
      const spent = await answer(await installation.tokenTo('sam@example.com', invitation));
      expect(await answer(await installation.tokenTo('lena@example.com', invitation, 1))).toBe(spent);
      expect(await answer('A'.repeat(43))).toBe(spent);
    });

    it('adds nobody twice, and nobody without the mail', async () => {
      expect((await invite('Sam again', 'SAM@example.com')).body).toMatchObject({
        code: 'already_exists',
        errors: [{ path: 'email' }],
      });
    });
  });

  describe('that must have a new password', () => {
    it('end every session and let the next one do nothing else, neither by HTTP nor by socket', async () => {
      const { body: person } = await invite('Rui Tavares', 'rui@example.com');
      await accept(await installation.tokenTo('rui@example.com', invitation));
      await staff.call('PATCH', `/api/v1/people/${person.id}`, { role: 'analyst' });
      const before = await ApiClient.signedIn(url, { email: 'rui@example.com', password });
      const asked = await account('POST', person.id, 'require-password', { reason: 'found in a leak' });
      expect(asked.body.passwordChangeRequiredAt).not.toBeNull();
      expect((await before.call('GET', '/api/v1/me')).status).toBe(401);
      const { text } = await installation.mailTo('rui@example.com', 'Choose a new password at your next sign-in');
      expect(text).toContain('found in a leak');

      const client = await ApiClient.signedIn(url, { email: 'rui@example.com', password });
      expect((await client.call<Me>('GET', '/api/v1/me')).body.confinedTo).toBe('password_change');
      for (const path of ['/people', '/attempts', '/me/sessions', '/sessions', '/alerts'])
        expect((await client.call('GET', `/api/v1${path}`)).body).toMatchObject({ code: 'password_change_required' });
      expect(await connects(client)).toBe(false);
      const change = (next: string) => client.call('POST', '/api/v1/me/password', { current: password, next });
      expect((await change(password)).status).toBe(422);
      expect((await change('eight quick trams at dusk')).status).toBe(200);
      expect((await client.call('GET', '/api/v1/people')).status).toBe(200);
      expect(await connects(client)).toBe(true);
    });
  });

  const connects = (client: ApiClient): Promise<boolean> =>
    openLive(client).then(
      (socket) => {
        socket.disconnect();
        return true;
      },
      () => false,
    );

  describe('with several addresses', () => {
    const own = (client: ApiClient, method: string, path = '', body: unknown = {}) =>
      client.call<AddressList & Refused>(method, `/api/v1/me/addresses${path}`, method === 'GET' ? undefined : body);

    it('are told at each one that they confirmed and chose, and at one that goes for the last time', async () => {
      const added = await own(staff, 'POST', '', { address: 'ana@example.org' });
      expect(added.body.items).toMatchObject([{ id: null }, { address: 'ana@example.org', confirmed: false }]);
      const { id } = added.body.items[1]!;
      const token = await installation.tokenTo('ana@example.org', 'Confirm this address');
      const confirm = () => new ApiClient(url).call<Refused>('POST', '/api/v1/addresses/confirm', { token });
      const look = () => new ApiClient(url).call<Refused>('POST', '/api/v1/addresses/link', { token });
      expect(await look()).toMatchObject({ status: 200, body: { address: 'ana@example.org' } });
      const answers = await Promise.all(Array.from({ length: 8 }, confirm));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect((await look()).body.code).toBe('link_invalid');
      await installation.mailTo('ana@example.org', 'An address was added to your account');
      await installation.mailTo(admin.email, 'An address was added to your account');
      expect((await own(staff, 'PATCH', `/${id}`, { notices: false })).body.items[1]?.notices).toBe(false);
      expect((await own(staff, 'DELETE', `/${id}`)).body.items).toHaveLength(1);
      await installation.mailTo('ana@example.org', 'An address was removed from your account');
      await installation.mailTo(admin.email, 'An address was removed from your account');
    });

    it('learn nothing about whose an address is, and can not take it', async () => {
      const taken = await own(staff, 'POST', '', { address: 'lena@example.com' });
      expect(taken.status).toBe(200);
      const token = await installation.tokenTo('lena@example.com', 'Confirm this address');
      const confirm = await new ApiClient(url).call<Refused>('POST', '/api/v1/addresses/confirm', { token });
      expect(confirm.body.code).toBe('link_invalid');
      expect((await own(staff, 'POST', '', { address: admin.email.toUpperCase() })).body.code).toBe('already_exists');
      const { id } = taken.body.items[1]!;
      const other = await ApiClient.signedIn(url, { email: 'rui@example.com', password: 'eight quick trams at dusk' });
      for (const [method, path] of [
        ['DELETE', `/${id}`],
        ['PATCH', `/${id}`],
        ['POST', `/${id}/confirmation`],
      ] as const)
        expect((await own(other, method, path, { notices: true })).body.code).toBe('not_found');
    });

    it('are confirmed, and passwords set, after a change of their person, whose links they do not hold meanwhile', async () => {
      await own(staff, 'POST', '', { address: 'ana@example.net' });
      const confirming = await installation.tokenTo('ana@example.net', 'Confirm this address');
      await new ApiClient(url).call('POST', '/api/v1/password/forgot', { email: 'rui@example.com' });
      const resetting = await installation.tokenTo('rui@example.com', 'Set a new password');
      const post = (path: string, body: unknown) => new ApiClient(url).call('POST', `/api/v1${path}`, body);
      const { database } = installation.gatehouse;
      const done: Promise<{ status: number }>[] = [];
      await database.transaction(async (tx) => {
        // As whoever disables somebody does: the people first, then their links.
        await tx.query('SELECT pg_advisory_xact_lock(7203314)');
        await tx.query('SELECT FROM people FOR UPDATE');
        done.push(post('/addresses/confirm', { token: confirming }));
        done.push(post('/password/reset', { token: resetting, password: 'eight quick trams at dusk' }));
        await eventually(async () => {
          const waiting = await database.query<unknown[]>(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse' AND wait_event_type = 'Lock'`,
          );
          return waiting.length >= done.length;
        }, 'both wait');
        await tx.query('SELECT FROM account_links WHERE used_at IS NULL FOR UPDATE NOWAIT');
      });
      expect((await Promise.all(done)).map(({ status }) => status)).toEqual([200, 200]);
    });
  });

  describe('by file', () => {
    const preview = (csv: string) =>
      staff.call<ImportPreview & Refused>('POST', '/api/v1/people/import/preview', { csv });
    const apply = (csv: string, fingerprint: string) =>
      staff.call<ImportPreview & Refused>('POST', '/api/v1/people/import', { csv, fingerprint });
    const people = async (search: string): Promise<PersonView[]> =>
      (await staff.call<Page<PersonView>>('GET', `/api/v1/people?search=${search}`)).body.items;

    it('shows what it would change, then does just that', async () => {
      const csv = [
        '\ufeffE-mail;Name;Title;Manager',
        'maria@example.com;Maria Lopes;"Head; planning";',
        'tom@example.com;Tom Reyes;;maria@example.com',
        'sam@example.com;Sam Okafor;Planner;maria@example.com',
        '',
      ].join('\r\n');
      const { body: shown } = await preview(csv);
      expect(shown).toMatchObject({ added: 2, changed: 1, unchanged: 0, refused: 0 });
      expect(shown.rows[2]).toMatchObject({
        line: 4,
        kind: 'changed',
        changes: [
          { field: 'title', before: null, after: 'Planner' },
          { field: 'manager', before: null, after: 'maria@example.com' },
        ],
      });
      expect(await people('maria')).toEqual([]);
      expect((await apply(csv, shown.fingerprint)).status).toBe(200);
      expect((await people('tom@'))[0]).toMatchObject({ manager: { email: 'maria@example.com' }, role: 'user' });
      expect((await people('maria'))[0]?.title).toBe('Head; planning');
      expect((await preview(csv)).body).toMatchObject({ added: 0, changed: 0, unchanged: 3, rows: [] });
      expect((await audited('search=Head; planning'))[0]).toMatchObject({
        action: 'person.added',
        detail: { name: 'Maria Lopes', after: { title: 'Head; planning' } },
      });
    });

    it('refuses what was not shown, because somebody was faster', async () => {
      const csv = 'email,name\ntom@example.com,Tom R';
      const { body } = await preview(csv);
      const [tom] = await people('tom@');
      await staff.call('PATCH', `/api/v1/people/${tom!.id}`, { name: 'Thomas' });
      expect((await apply(csv, body.fingerprint)).body.code).toBe('conflict');
      expect((await people('tom@'))[0]?.name).toBe('Thomas');
    });

    it('names each line that can not be used, and does nothing then', async () => {
      const csv = [
        'email,name,role,manager',
        'not an address,X,,',
        'new@example.com,,,',
        'a@example.com,A,king,',
        'b@example.com,B,,nobody@example.com',
        'maria@example.com,Maria Lopes,,tom@example.com',
        'ana@example.com,Ana,user,',
        'c@example.com,C,,',
        'C@example.com,C again,,',
        'd@example.com,D,Administrator,',
        'e@example.com,E,ADMIN,',
      ].join('\n');
      const { body } = await preview(csv);
      expect(body.rows.map(({ line, error }) => [line, error])).toEqual([
        [2, '“not an address” is not an e-mail address.'],
        [3, 'A new person needs a name.'],
        [
          4,
          '“king” is no role. Allowed are user, manager, analyst, administrator, auditor; admin means administrator.',
        ],
        [5, 'Nobody has the address nobody@example.com.'],
        [6, 'Maria Lopes would report to themselves.'],
        [7, 'Ana is the last administrator who can sign in.'],
        [8, null],
        [9, 'C@example.com is there twice.'],
        [10, null],
        [11, null],
      ]);
      // The word that the console shows, and the code of the API.
      expect(body.rows.slice(-2).map(({ changes }) => changes.find(({ field }) => field === 'role')?.after)).toEqual([
        'admin',
        'admin',
      ]);
      expect((await apply(csv, body.fingerprint)).body.code).toBe('invalid_request');
      expect(await people('c@')).toEqual([]);
    });

    it('says which limit a file passes', async () => {
      const lines = (count: number) =>
        Array.from({ length: count }, (_, index) => `p${index}@example.com,P`).join('\n');
      expect((await preview(`email,name\n${lines(2_001)}`)).body.detail).toContain('2000 at a time');
      expect((await preview(`email,name\n${'x'.repeat(600_000)}`)).body.errors?.[0]?.message).toContain('512 KB');
      expect((await preview('name,salary\nX,1')).body.detail).toContain('“salary” is not known');
      expect((await preview('name\nX')).body.detail).toContain('“email” is missing');
      expect((await preview('email,name\nx@example.com,"X')).body.detail).toContain('Line 2');
      expect((await preview('')).body.detail).toContain('empty');
    });

    it('takes 2,000 people at once, and gives out what it can take again, with no formula in it', async () => {
      const names = Array.from({ length: 2_000 }, (_, index) => `p${index}@example.org,=SUM(${index})`);
      const csv = `email,name\n${names.join('\n')}`;
      const { body } = await preview(csv);
      expect(body.added).toBe(2_000);
      expect((await apply(csv, body.fingerprint)).status).toBe(200);
      const answer = await fetch(`${url}/api/v1/people/export?search=p1999`, { headers: { cookie: staff.cookie } });
      const text = await answer.text();
      expect(text).toContain(`"'=SUM(1999)"`);
      expect((await preview(text)).body).toMatchObject({ unchanged: 1, refused: 0, changed: 0 });
      expect((await audited('action=data.exported'))[0]).toMatchObject({ target: { kind: 'people' } });
    });
  });

  describe('in the audit log', () => {
    it('are found by any part, page by page, and the chain is checked on request', async () => {
      expect((await audited('search=%25')).length).toBe(0);
      expect((await audited('search=found in a leak'))[0]?.action).toBe('password.change_required');
      const first = (await staff.call<Page<AuditEntry>>('GET', '/api/v1/audit?search=person.added&limit=2')).body;
      const more = await audited(`search=person.added&limit=2&cursor=${first.nextCursor}`);
      expect(more[0]!.sequence).toBeLessThan(first.items[1]!.sequence);
      const verify = () => staff.call<ChainCheck>('POST', '/api/v1/audit/verify', {});
      expect((await verify()).body).toMatchObject({ brokenAt: null });
      const csv = await fetch(`${url}/api/v1/audit/export?action=person.invited`, {
        headers: { cookie: staff.cookie },
      });
      expect((await csv.text()).split('\r\n')).toHaveLength(8);
      const { database } = installation.gatehouse;
      await database.query(`UPDATE audit_entries SET detail = '{}' WHERE sequence = 3`);
      expect((await verify()).body).toEqual({ entries: 2, brokenAt: 3 });
    });
  });
});
