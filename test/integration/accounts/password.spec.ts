import { admin, ApiClient, eventually } from '../../support/gatehouse.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp, withPassword } from '../../support/factors.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';
import { mannWhitney } from '../../support/mann-whitney.mjs';
import { rounds } from '../../support/size.js';

const sam = { email: 'sam@example.com', password: 'seven slow boats at noon' };
const next = 'eight quick trams at dusk';

describe('passwords, on two servers', () => {
  let installation: MailedGatehouse;
  let urls: string[];
  let staff: ApiClient;

  beforeAll(async () => {
    installation = await startGatehouseWithMail({ servers: 2 });
    urls = installation.gatehouse.urls;
    staff = await ApiClient.signedIn(urls[0]!);
    await staff.call('POST', '/api/v1/people', [{ email: sam.email, name: 'Sam Okafor' }]);
    await setPassword(await linkFor(sam.email), sam.password);
  }, 120_000);
  afterAll(() => installation.stop(), 60_000);

  const asked = new Map<string, number>();
  const linkFor = async (email: string): Promise<string> => {
    // The limits of one address are another test's subject.
    await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'forgot:%'`);
    await new ApiClient(urls[1]!).call('POST', '/api/v1/password/forgot', { email });
    const before = asked.get(email) ?? 0;
    asked.set(email, before + 1);
    return installation.tokenTo(email, 'Set a new password', before);
  };
  const setPassword = (token: string, password: string, url = urls[0]!) =>
    new ApiClient(url).call('POST', '/api/v1/password/reset', { token, password });

  it('changes with the current one, ends every other session, and tells by mail', async () => {
    const [here, elsewhere] = await Promise.all([ApiClient.signedIn(urls[0]!, sam), ApiClient.signedIn(urls[1]!, sam)]);
    const change = (current: string, wanted: string) =>
      here.call<{ code: string }>('POST', '/api/v1/me/password', { current, next: wanted });
    expect((await change('not my password at all', next)).body.code).toBe('wrong_password');
    for (const weak of ['fourteen chars', 'passwordpassword', 'sam okafor at gatehouse', sam.password])
      expect(await change(sam.password, weak)).toMatchObject({ status: 422, body: { code: 'weak_password' } });
    const former = new ApiClient(urls[1]!);
    former.cookie = here.cookie;
    expect((await change(sam.password, next)).status).toBe(200);
    expect((await here.call('GET', '/api/v1/me')).status).toBe(200);
    expect((await former.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await elsewhere.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    const { text } = await installation.mailTo(sam.email, 'Your password was changed', 1);
    expect(text).toContain('/forgot');
    expect((await change(next, sam.password)).status).toBe(200);
  });

  it('counts code points after composition: 15 are enough, however they are typed', async () => {
    const here = await ApiClient.signedIn(urls[0]!, sam);
    const composed = 'é🙂 zwölf Boote'.normalize('NFC');
    expect(Array.from(composed)).toHaveLength(14);
    const change = (current: string, wanted: string) =>
      here.call('POST', '/api/v1/me/password', { current, next: wanted });
    expect((await change(sam.password, composed.normalize('NFD'))).status).toBe(422);
    expect((await change(sam.password, `${composed}!`.normalize('NFD'))).status).toBe(200);
    const again = await ApiClient.signedIn(urls[1]!, { email: sam.email, password: `${composed}!` });
    expect(
      (await again.call('POST', '/api/v1/me/password', { current: `${composed}!`, next: sam.password })).status,
    ).toBe(200);
  });

  it('opens nothing else where a new one is demanded, and asks for a fresh proof', async () => {
    const { database } = installation.gatehouse;
    const here = await ApiClient.signedIn(urls[0]!, sam);
    await database.query('UPDATE people SET password_change_required_at = now() WHERE email = $1', [sam.email]);
    expect((await here.call('GET', '/api/v1/me')).body).toMatchObject({ confinedTo: 'password_change' });
    for (const path of ['/api/v1/me/sessions', '/api/v1/me/factors'])
      expect((await here.call('GET', path)).body).toMatchObject({ code: 'password_change_required' });
    await database.query(`UPDATE sessions SET proved_at = now() - interval '16 minutes'`);
    const change = () => here.call('POST', '/api/v1/me/password', { current: sam.password, next });
    expect((await change()).body).toMatchObject({ code: 'step_up_required', factors: ['password'] });
    const stepUp = { factor: 'password', password: sam.password };
    expect((await here.call('POST', '/api/v1/me/step-up', stepUp)).status).toBe(200);
    expect((await change()).status).toBe(200);
    expect((await here.call('GET', '/api/v1/me/sessions')).status).toBe(200);
    const back = { current: next, next: sam.password };
    expect((await here.call('POST', '/api/v1/me/password', back)).status).toBe(200);
  });

  /** What the audit log says of demands for a new password, and how many mails about a longer one there are. */
  const demands = (email: string) =>
    installation.gatehouse.database.query(
      `SELECT e.actor_kind AS by, e.detail, host(e.ip) AS ip, (SELECT count(*)::int FROM notifications n
         WHERE n.person_id = p.id AND n.kind = 'longer_password_required') AS mails
       FROM audit_entries e JOIN people p ON p.id = e.target_id::uuid WHERE e.action = 'password.change_required' AND p.email = $1`,
      [email],
    );
  const demanded = (name: string) => ({
    by: 'system',
    detail: {
      name,
      before: { newPasswordRequired: false },
      after: { newPasswordRequired: true },
      reason: expect.stringContaining('no app or passkey is enforced any more') as string,
    },
    ip: '127.0.0.1',
    mails: 1,
  });

  it('may be short only where a second factor is enforced', async () => {
    const { database } = installation.gatehouse;
    const lee = await addPerson(installation.gatehouse, 'lee@example.com');
    const here = await ApiClient.signedIn(urls[0]!, lee);
    const minimum = async () => (await here.call<{ minimum: number }>('GET', '/api/v1/me/password')).body.minimum;
    const { secret } = await turnOnTotp(here);
    expect(await minimum()).toBe(15);
    await database.query(`UPDATE role_rules SET factor_required_since = now() WHERE role = 'user'`);
    expect(await minimum()).toBe(8);
    const change = (wanted: string) =>
      here.call('POST', '/api/v1/me/password', { current: lee.password, next: wanted });
    const short = 's7x boat';
    expect((await change(short)).status).toBe(200);
    expect((await here.me()).confinedTo).toBeNull();
    // The rule goes: the same password is not good enough for the next sign-in, whatever else it shows.
    await database.query(`UPDATE role_rules SET factor_required_since = NULL`);
    await forgetSteps(installation.gatehouse);
    const half = await withPassword(urls[1]!, { email: lee.email, password: short });
    await half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) });
    expect((await half.me()).confinedTo).toBe('password_change');
    const { text } = await installation.mailTo(lee.email, 'Choose a longer password');
    expect(text).toContain('Choose one of 15 characters or more.');
    await forgetSteps(installation.gatehouse);
    const again = await withPassword(urls[0]!, { email: lee.email, password: short });
    await again.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) });
    expect((await again.me()).confinedTo).toBe('password_change');
    expect(await demands(lee.email)).toEqual([demanded('lee')]);
    expect((await half.call('GET', '/api/v1/me/password')).body).toMatchObject({ tooShort: true, minimum: 15 });
    expect((await half.call('POST', '/api/v1/me/password', { current: short, next: lee.password })).status).toBe(200);
    expect((await half.me()).confinedTo).toBeNull();
    expect((await half.call('GET', '/api/v1/me/password')).body).toMatchObject({ tooShort: false });
  });

  it('that is short has to be replaced at once where two-step sign-in is turned off', async () => {
    const { database } = installation.gatehouse;
    const kim = await addPerson(installation.gatehouse, 'kim@example.com');
    const here = await ApiClient.signedIn(urls[0]!, kim);
    await turnOnTotp(here);
    await database.query('UPDATE people SET password_short = true WHERE email = $1', [kim.email]);
    const off = await here.call('POST', '/api/v1/me/factors/turn-off', { password: kim.password });
    expect([off.status, (await here.me()).confinedTo]).toEqual([200, 'password_change']);
    await installation.mailTo(kim.email, 'Choose a longer password');
    expect(await demands(kim.email)).toEqual([demanded('kim')]);
  });

  it('sets a new one by a mailed link, which opens no session and ends all', async () => {
    const before = await ApiClient.signedIn(urls[1]!, sam);
    const token = await linkFor(sam.email);
    const look = await new ApiClient(urls[0]!).call('POST', '/api/v1/password/link', { token });
    expect(look.body).toMatchObject({ purpose: 'reset_password', email: sam.email, minimum: 15 });
    expect((await setPassword(token, 'too short')).status).toBe(422);
    const visitor = new ApiClient(urls[0]!);
    expect((await visitor.call('POST', '/api/v1/password/reset', { token, password: next })).status).toBe(200);
    expect(visitor.cookie).toBe('');
    expect((await before.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    expect((await setPassword(token, sam.password)).body).toMatchObject({ code: 'link_invalid' });
    await ApiClient.signedIn(urls[0]!, { email: sam.email, password: next });
    expect((await setPassword(await linkFor(sam.email), sam.password)).status).toBe(200);
  });

  it('lets exactly one of 50 parallel uses of one link win', async () => {
    const token = await linkFor(sam.email);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        setPassword(token, `${sam.password} ${index}`, index % 25 === 0 ? urls[0] : urls[1]),
      ),
    );
    const won = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(49);
    await ApiClient.signedIn(urls[1]!, { email: sam.email, password: `${sam.password} ${won[0]}` });
    expect((await setPassword(await linkFor(sam.email), sam.password)).status).toBe(200);
  });

  it('voids a link when a newer one is made, when its time is over, and when it is for something else', async () => {
    const [old, fresh] = [await linkFor(sam.email), await linkFor(sam.email)];
    expect((await setPassword(old, next)).body).toMatchObject({ code: 'link_invalid' });
    const { database } = installation.gatehouse;
    await database.query(`UPDATE account_links SET expires_at = now() - interval '1 second' WHERE used_at IS NULL`);
    expect((await setPassword(fresh, next)).body).toMatchObject({ code: 'link_invalid' });
    const another = await linkFor(sam.email);
    await database.query(`UPDATE account_links SET purpose = 'confirm_address' WHERE used_at IS NULL`);
    expect((await setPassword(another, next)).body).toMatchObject({ code: 'link_invalid' });
    const [stored] = await database.query<{ dump: string }[]>(
      `SELECT string_agg(a::text, '') AS dump FROM account_links a`,
    );
    expect(stored?.dump).not.toContain(another);
  });

  describe('that a mailed link would set', () => {
    type Person = { id: string };
    beforeAll(async () => {
      staff = await ApiClient.signedIn(urls[0]!);
    });
    const invitation = 'Your account at Gatehouse';
    const invite = async (name: string): Promise<string> => {
      const person = { name, email: `${name}@typo.example` };
      return (await staff.call<Person>('POST', '/api/v1/people/invitations', person)).body.id;
    };
    const change = async (id: string, what: object): Promise<void> =>
      expect((await staff.call('PATCH', `/api/v1/people/${id}`, what)).status).toBe(200);
    const look = (token: string) => new ApiClient(urls[1]!).call('POST', '/api/v1/password/link', { token });
    const isDead = async (token: string): Promise<void> => {
      expect((await look(token)).body).toMatchObject({ code: 'link_invalid' });
      expect((await setPassword(token, next)).body).toMatchObject({ code: 'link_invalid' });
    };

    it('is safe from the mailbox of a former address; whoever was invited is invited there', async () => {
      const id = await invite('wanda');
      const stray = await installation.tokenTo('wanda@typo.example', invitation);
      await change(id, { email: 'wanda@example.com' });
      await isDead(stray);
      const right = await installation.tokenTo('wanda@example.com', invitation);
      expect((await look(right)).status).toBe(200);
      // Another role is worth another link, and a former address that comes back revives none.
      await change(id, { role: 'admin' });
      await isDead(right);
      await change(id, { email: 'wanda@typo.example' });
      await isDead(stray);
      await change(id, { email: 'wanda@example.com' });
      expect((await setPassword(await installation.tokenTo('wanda@example.com', invitation, 2), next)).status).toBe(
        200,
      );
      await ApiClient.signedIn(urls[0]!, { email: 'wanda@example.com', password: next });
    });

    it('is safe from a link that was asked for before the address or the role changed', async () => {
      const rosa = await addPerson(installation.gatehouse, 'rosa@typo.example');
      const { id } = (await (await ApiClient.signedIn(urls[0]!, rosa)).me()).person;
      const stray = await linkFor(rosa.email);
      await change(id, { email: 'rosa@example.com' });
      await isDead(stray);
      const open = await linkFor('rosa@example.com');
      await change(id, { role: 'admin' });
      await isDead(open);
      // Whatever changes an address: the row of the link says where it went.
      const { database } = installation.gatehouse;
      const later = await linkFor('rosa@example.com');
      await database.query(`UPDATE person_identifiers SET value = 'rosa@example.org' WHERE value = 'rosa@example.com'`);
      await isDead(later);
    });

    it('is safe from a further address that was taken away', async () => {
      const lin = await addPerson(installation.gatehouse, 'lin@example.com');
      const own = await ApiClient.signedIn(urls[0]!, lin);
      type List = { items: { id: string }[] };
      const added = await own.call<List>('POST', '/api/v1/me/addresses', { address: 'lin@example.org' });
      const token = await installation.tokenTo('lin@example.org', 'Confirm this address');
      await own.call('POST', '/api/v1/addresses/confirm', { token });
      const link = await linkFor('lin@example.org');
      expect((await look(link)).status).toBe(200);
      await own.call('DELETE', `/api/v1/me/addresses/${added.body.items[1]!.id}`);
      await isDead(link);
    });
  });

  it('answers known and unknown addresses alike: bytes, status and time', async () => {
    const client = new ApiClient(urls[0]!);
    const ask = async (email: string): Promise<{ ms: number; answer: string }> => {
      await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'forgot:%'`);
      const started = performance.now();
      const { status, body, headers } = await client.call('POST', '/api/v1/password/forgot', { email });
      return { ms: performance.now() - started, answer: JSON.stringify([status, body, headers.get('content-length')]) };
    };
    for (let warm = 0; warm < 20; warm += 1) await ask('nobody@example.com');
    const times = { known: [] as number[], unknown: [] as number[] };
    const seen = new Set<string>();
    for (let pair = 0; pair < rounds(500, 60); pair += 1) {
      const order = pair % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const which of order) {
        const { ms, answer } = await ask(which === 'known' ? admin.email : `nobody${pair}@example.com`);
        times[which].push(ms);
        seen.add(answer);
      }
    }
    expect(seen.size).toBe(1);
    const { p } = mannWhitney(times.known, times.unknown);
    expect(p).toBeGreaterThan(0.001);
  }, 120_000);

  it('stops one source from asking for everybody, and writes to one address five times an hour at most', async () => {
    const { database } = installation.gatehouse;
    await database.query(`DELETE FROM limits WHERE key LIKE 'forgot:%'`);
    await eventually(async () => {
      const [row] = await database.query<{ count: number }[]>('SELECT count(*)::int AS count FROM reset_requests');
      return row?.count === 0;
    }, 'earlier wishes are answered');
    const before = await requested();
    const client = new ApiClient(urls[0]!);
    const statuses: number[] = [];
    for (let index = 0; index < 21; index += 1)
      statuses.push((await client.call('POST', '/api/v1/password/forgot', { email: sam.email })).status);
    expect(statuses.slice(0, 20).every((status) => status === 202)).toBe(true);
    expect(statuses[20]).toBe(429);
    await eventually(async () => (await requested()) - before === 5, 'five are answered');
  });

  const requested = async (): Promise<number> => {
    const [row] = await installation.gatehouse.database.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM audit_entries WHERE action = 'password.reset_requested'`,
    );
    return row?.count ?? 0;
  };
});
