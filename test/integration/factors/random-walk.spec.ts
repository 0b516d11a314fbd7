import { addPerson, codeOf, forgetSteps, turnOnTotp, wrongCode } from '../../support/factors.js';
import { randomToken, sha256 } from '../../../server/platform/crypto.js';
import { ApiClient, type Gatehouse } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';
import { type GatewayServer, jsonGateway, startSmsGateway } from '../../support/sms-gateway.js';
import { seededRandom } from '../../support/seeded-random.mjs';
import { SoftPasskey } from '../../support/soft-passkey.mjs';
import { rounds } from '../../support/size.js';

const STEPS = rounds(250, 120);
/** Printed with a failure, so that the same walk can be taken again. */
const SEED = 20_261_124;

const names = ['sam', 'lee', 'kim'] as const;
type Name = (typeof names)[number];
/** What a browser has proved in the sign-in that its cookie stands for. A recovery stands for the factor, and opens a confined session. */
type Walker = { client: ApiClient; who: Name | null; proved: Set<'password' | 'factor' | 'recovery'> };
type Person = { email: string; password: string; secret: string };

describe('any order of the steps of signing in', () => {
  let gatehouse: Gatehouse;
  let installation: MailedGatehouse;
  let texts: GatewayServer;
  let people: Record<Name, Person>;
  let backupCodes: string[];
  let walkers: Walker[];
  /** Of sam; it belongs to the address of the first server. */
  let passkey: SoftPasskey;

  beforeAll(async () => {
    texts = await startSmsGateway();
    installation = await startGatehouseWithMail({ servers: 2, env: { SMS_GATEWAY_PRIVATE: '1' } });
    gatehouse = installation.gatehouse;
    passkey = new SoftPasskey(gatehouse.urls[0]!);
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    const gateway = { gateway: jsonGateway(texts.url), prefixes: [], perDay: 10_000, secret: 'k3y' };
    expect((await staff.call('PUT', '/api/v1/sms-gateway', gateway)).status).toBe(200);
    const [sam, lee, kim] = [await withApp('sam'), await withApp('lee'), await withApp('kim')];
    people = { sam, lee, kim };
    backupCodes = sam.backupCodes;
    // By the mailbox, and by a number that takes the first code.
    await gatehouse.database.query(
      `INSERT INTO authenticators (id, person_id, kind, name, confirmed_at) SELECT gen_random_uuid(), id, 'email', 'Mail', now() FROM people WHERE email = $1`,
      [sam.email],
    );
    await sam.session.call('POST', '/api/v1/me/factors/sms', { number: '+49 151 2345678' });
    const first = { code: await texts.code(0) };
    expect((await sam.session.call('POST', '/api/v1/me/factors/sms/confirm', first)).status).toBe(200);
    const begun = await sam.session.call<{ challenge: string }>('POST', '/api/v1/me/factors/passkeys/options', {});
    const added = { name: 'Key', response: passkey.register(begun.body) };
    expect((await sam.session.call('POST', '/api/v1/me/factors/passkeys', added)).status).toBe(200);
    walkers = [0, 1, 2].map((index) => ({
      client: new ApiClient(gatehouse.urls[index % 2]!),
      who: null,
      proved: new Set(),
    }));
  }, 120_000);
  afterAll(async () => {
    await installation.stop();
    await texts.stop();
  }, 60_000);

  const withApp = async (name: Name) => {
    const who = await addPerson(gatehouse, `${name}@example.com`);
    const session = await ApiClient.signedIn(gatehouse.urls[0]!, who);
    return { ...who, ...(await turnOnTotp(session)), session };
  };

  const { pick } = seededRandom(SEED);
  const isHalf = ({ client }: Walker): boolean => client.cookie.startsWith('__Host-sign-in=');
  const isWhole = ({ proved }: Walker): boolean => proved.has('password') && proved.has('factor');
  const isIn = (walker: Walker): boolean => isWhole(walker) || walker.proved.has('recovery');
  const idOf = async (name: Name): Promise<string> => {
    const rows = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [
      people[name].email,
    ]);
    return rows[0]!.id;
  };
  /** A link as the worker mails it. */
  const linkFor = async (name: Name, purpose: 'reset_password' | 'recover_account'): Promise<string> => {
    const token = randomToken();
    await gatehouse.database.query(
      `INSERT INTO account_links (token_hash, purpose, person_id, expires_at, sent_to) SELECT $1, $2, id, now() + interval '1 hour', ARRAY[email] FROM people WHERE id = $3`,
      [sha256(token), purpose, await idOf(name)],
    );
    return token;
  };

  const password = async (walker: Walker, right: boolean, who: Name = pick(names)): Promise<void> => {
    const { email, password: secret } = people[who];
    const body = { email, password: right ? secret : `${secret} not` };
    const { status } = await walker.client.call('POST', '/api/v1/sign-in', body);
    expect(status).toBe(right ? 200 : 401);
    // A new sign-in takes the place of whatever this browser held.
    const proved = who === 'kim' && isRecovered ? (['password', 'recovery'] as const) : (['password'] as const);
    if (right) Object.assign(walker, { who, proved: new Set(proved) });
  };
  const answer = async (walker: Walker, body: unknown, right: boolean): Promise<void> => {
    const half = isHalf(walker);
    const { status } = await walker.client.call('POST', '/api/v1/sign-in/factor', body);
    expect(status).toBe(half && right ? 200 : 401);
    if (!half || !right) return;
    walker.proved.add('factor');
    mailed.delete(walker.who!);
  };
  const forget = (walker: Walker): void => {
    Object.assign(walker, { who: null, proved: new Set() });
    walker.client.cookie = '';
  };

  /** Between the end of a recovery and a new factor the password alone opens sessions, confined ones. */
  let isRecovered = false;
  /** Whose password came by mail, and was not shown with a factor since. */
  const mailed = new Set<Name>();
  const sentCode = async (walker: Walker, factor: 'email' | 'sms'): Promise<void> => {
    const isWay = walker.who === 'sam' && isHalf(walker) && !(factor === 'email' && mailed.has('sam'));
    const before = [installation.mail.received.filter(isCode).length, texts.received.length] as const;
    const sent = await walker.client.call('POST', '/api/v1/sign-in/factor/send', { factor });
    expect(sent.status).toBe(isWay ? 200 : 401);
    if (!isWay) return;
    const code = factor === 'sms' ? await texts.code(before[1]) : await codeByMail(before[0]);
    await answer(walker, { factor, code }, true);
  };
  const isCode = ({ raw }: { raw: string }): boolean => raw.includes('Subject: Your sign-in code');
  const codeByMail = async (index: number): Promise<string> =>
    /\b\d{6}\b/.exec((await installation.mailTo(people.sam.email, 'Your sign-in code', index)).text)?.[0] ?? '';
  /** Starts a recovery and lets its wait pass. @returns whether it was allowed */
  const recoverable = async (name: Name, walker: Walker): Promise<boolean> => {
    const { status } = await walker.client.call('POST', '/api/v1/sign-in/recovery', {});
    expect(status).toBe(mailed.has(name) ? 403 : 200);
    await gatehouse.database.query(
      `UPDATE recoveries SET started_at = now(), ready_at = now(), remind_at = NULL, link_expires_at = now() + interval '1 day' WHERE person_id = $1 AND ended_at IS NULL`,
      [await idOf(name)],
    );
    return status === 200;
  };

  const actions: Record<string, (walker: Walker) => Promise<void>> = {
    'right password': (walker) => password(walker, true),
    'wrong password': (walker) => password(walker, false),
    'right code': async (walker) => {
      await forgetSteps(gatehouse);
      await answer(walker, { factor: 'totp', code: codeOf(people[walker.who ?? 'sam'].secret) }, walker.who !== null);
    },
    'the same code twice': async (walker) => {
      if (!isHalf(walker)) return;
      await forgetSteps(gatehouse);
      const code = codeOf(people[walker.who!].secret);
      const second = new ApiClient(walker.client.url);
      const { email, password: typed } = people[walker.who!];
      await second.call('POST', '/api/v1/sign-in', { email, password: typed });
      await answer(walker, { factor: 'totp', code }, true);
      expect((await second.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code })).status).toBe(401);
    },
    'wrong code': (walker) =>
      answer(walker, { factor: 'totp', code: wrongCode(people[walker.who ?? 'sam'].secret) }, false),
    'code of somebody else': (walker) =>
      answer(walker, { factor: 'totp', code: codeOf(people[walker.who === 'sam' ? 'lee' : 'sam'].secret) }, false),
    'backup code of somebody': async (walker) => {
      const code = backupCodes.at(-1);
      if (code === undefined || !isHalf(walker)) return;
      if (walker.who === 'sam') backupCodes.pop();
      await answer(walker, { factor: 'backup_code', code }, walker.who === 'sam');
      expect((await walker.client.call('POST', '/api/v1/sign-in/factor', { factor: 'backup_code', code })).status).toBe(
        401,
      );
    },
    'passkey out of thin air': async (walker) => {
      const response = { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' };
      const made = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response, clientExtensionResults: {} };
      await answer(walker, { factor: 'passkey', response: made }, false);
      expect((await walker.client.call('POST', '/api/v1/sign-in/passkey', { response: made })).status).toBe(401);
    },
    'passkey alone': async ({ client, ...walker }) => {
      if (client.url !== gatehouse.urls[0]) return;
      const verified = pick([true, false]);
      const { body } = await client.call<{ challenge: string }>('POST', '/api/v1/sign-in/passkey-options', {});
      const response = passkey.answer(body, verified);
      expect((await client.call('POST', '/api/v1/sign-in/passkey', { response })).status).toBe(verified ? 200 : 401);
      // Used up, or never good for anything.
      expect((await new ApiClient(client.url).call('POST', '/api/v1/sign-in/passkey', { response })).status).toBe(401);
      const proved = new Set(verified ? (['password', 'factor'] as const) : walker.proved);
      if (verified)
        Object.assign(
          walkers.find((one) => one.client === client)!,
          { who: 'sam', proved },
        );
    },
    'passkey after the password, asked for by this sign-in or another': async (walker) => {
      if (walker.client.url !== gatehouse.urls[0]) return;
      await password(walker, true, 'sam');
      const other = new ApiClient(walker.client.url);
      await other.call('POST', '/api/v1/sign-in', { email: people.sam.email, password: people.sam.password });
      const asked = pick([walker.client, other]);
      const options = await asked.call<{ challenge: string }>('POST', '/api/v1/sign-in/factor/passkey-options', {});
      expect(options.status).toBe(200);
      const response = passkey.answer(options.body, pick([true, false]));
      await answer(walker, { factor: 'passkey', response }, asked === walker.client);
    },
    'half sign-in as a session': async (walker) => {
      if (!isHalf(walker)) return;
      const other = new ApiClient(walker.client.url);
      other.cookie = walker.client.cookie.replace('__Host-sign-in', '__Host-sid');
      expect((await other.call('GET', '/api/v1/me')).status).toBe(401);
    },
    'step-up of a half sign-in': async (walker) => {
      if (!isHalf(walker)) return;
      await forgetSteps(gatehouse);
      const code = codeOf(people[walker.who!].secret);
      expect((await walker.client.call('POST', '/api/v1/me/step-up', { factor: 'totp', code })).status).toBe(401);
    },
    'code by e-mail': (walker) => sentCode(walker, 'email'),
    'code by SMS': (walker) => sentCode(walker, 'sms'),
    'code sent for another sign-in': async (walker) => {
      if (walker.who !== 'sam' || !isHalf(walker)) return;
      const { email, password: typed } = people.sam;
      const other = new ApiClient(walker.client.url);
      await other.call('POST', '/api/v1/sign-in', { email, password: typed });
      const before = texts.received.length;
      await other.call('POST', '/api/v1/sign-in/factor/send', { factor: 'sms' });
      await answer(walker, { factor: 'sms', code: await texts.code(before) }, false);
    },
    'recovery before its time': async (walker) => {
      const half = isHalf(walker);
      const started = await walker.client.call('POST', '/api/v1/sign-in/recovery', {});
      if (!half) expect(started.status).toBe(401);
      const token = await linkFor(walker.who ?? 'kim', 'recover_account');
      const done = await walker.client.call('POST', '/api/v1/sign-in/recovery/complete', { token });
      expect(done.status).toBe(half ? 410 : 401);
    },
    'recovery with the link of somebody else': async (walker) => {
      if (walker.who !== 'kim' || !isHalf(walker)) return;
      await recoverable('kim', walker);
      const token = await linkFor('lee', 'recover_account');
      const done = await walker.client.call('POST', '/api/v1/sign-in/recovery/complete', { token });
      expect(done.body).toMatchObject({ code: 'link_invalid' });
    },
    'recovery after its time': async (walker) => {
      if (walker.who !== 'kim' || !isHalf(walker)) return;
      const begun = await recoverable('kim', walker);
      const token = await linkFor('kim', 'recover_account');
      const done = await walker.client.call('POST', '/api/v1/sign-in/recovery/complete', { token });
      expect(done.status).toBe(begun ? 200 : 410);
      if (!begun) return;
      // Whatever else was open of this account is not any more.
      for (const other of walkers) if (other !== walker && other.who === 'kim') forget(other);
      walker.proved.add('recovery');
      isRecovered = true;
    },
    'set a factor up after a recovery': async (walker) => {
      if (!walker.proved.has('recovery')) return;
      people.kim.secret = (await turnOnTotp(walker.client)).secret;
      walker.proved = new Set(['password', 'factor']);
      isRecovered = false;
      for (const other of walkers) if (other !== walker && other.who === 'kim') forget(other);
    },
    'new password by a mailed link': async () => {
      const who = pick(names);
      const token = await linkFor(who, 'reset_password');
      const next = { token, password: people[who].password };
      expect((await new ApiClient(pick(gatehouse.urls)).call('POST', '/api/v1/password/reset', next)).status).toBe(200);
      if (!(who === 'kim' && isRecovered)) mailed.add(who);
      for (const walker of walkers) if (walker.who === who) forget(walker);
    },
    cancel: async (walker) => {
      if (!isHalf(walker)) return;
      const former = walker.client.cookie;
      await walker.client.call('DELETE', '/api/v1/sign-in', {});
      walker.client.cookie = former;
      expect((await walker.client.call('GET', '/api/v1/sign-in')).status).toBe(401);
      forget(walker);
    },
    'sign out': async (walker) => {
      const former = walker.client.cookie;
      await walker.client.call('POST', '/api/v1/sign-out', {});
      // Signing out ends a session; a half sign-in goes on, as its cookie shows.
      if (former.startsWith('__Host-sid=')) forget(walker);
      else walker.client.cookie = former;
    },
  };

  it(`never opens a session without the password and a factor of this very sign-in (${STEPS} steps)`, async () => {
    const trail: string[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      const walker = pick(walkers);
      const name = pick(Object.keys(actions));
      trail.push(`${walkers.indexOf(walker)}: ${name}`);
      await gatehouse.database.query(`DELETE FROM limits`);
      await gatehouse.database.query('UPDATE authenticators SET failures = 0, retry_at = NULL');
      await actions[name]!(walker);
      const { status, body } = await walker.client.call('GET', '/api/v1/me');
      const confined = body['confinedTo'] === 'factor_set_up';
      if ((status === 200) !== isIn(walker) || confined !== walker.proved.has('recovery'))
        throw new Error(`Seed ${SEED}, step ${step}: ${trail.slice(-8).join('; ')}`);
    }
  }, 180_000);
});
