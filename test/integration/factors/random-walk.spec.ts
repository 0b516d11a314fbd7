import { addPerson, codeOf, forgetSteps, turnOnTotp, wrongCode } from '../../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { seededRandom } from '../../support/seeded-random.mjs';
import { rounds } from '../../support/size.js';

const STEPS = rounds(250, 120);
/** Printed with a failure, so that the same walk can be taken again. */
const SEED = 20_261_124;

/** What a browser has proved in the sign-in that its cookie stands for. */
type Walker = { client: ApiClient; who: 'sam' | 'lee' | null; proved: Set<'password' | 'factor'> };

describe('any order of the steps of signing in', () => {
  let gatehouse: Gatehouse;
  let people: Record<'sam' | 'lee', { email: string; password: string }>;
  let secrets: Record<'sam' | 'lee', string>;
  let backupCodes: string[];
  let walkers: Walker[];

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2 });
    people = { sam: await addPerson(gatehouse, 'sam@example.com'), lee: await addPerson(gatehouse, 'lee@example.com') };
    const sam = await turnOnTotp(await ApiClient.signedIn(gatehouse.urls[0]!, people.sam));
    const lee = await turnOnTotp(await ApiClient.signedIn(gatehouse.urls[1]!, people.lee));
    secrets = { sam: sam.secret, lee: lee.secret };
    backupCodes = sam.backupCodes;
    walkers = [0, 1, 2].map((index) => ({
      client: new ApiClient(gatehouse.urls[index % 2]!),
      who: null,
      proved: new Set(),
    }));
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const { pick } = seededRandom(SEED);
  const isHalf = ({ client }: Walker): boolean => client.cookie.startsWith('__Host-sign-in=');
  const isIn = ({ proved }: Walker): boolean => proved.has('password') && proved.has('factor');

  const password = async (walker: Walker, right: boolean): Promise<void> => {
    const who = pick(['sam', 'lee'] as const);
    const { email, password: secret } = people[who];
    const body = { email, password: right ? secret : `${secret} not` };
    const { status } = await walker.client.call('POST', '/api/v1/sign-in', body);
    expect(status).toBe(right ? 200 : 401);
    // A new sign-in takes the place of whatever this browser held.
    if (right) Object.assign(walker, { who, proved: new Set(['password']) });
  };
  const answer = async (walker: Walker, body: unknown, right: boolean): Promise<void> => {
    const half = isHalf(walker);
    const { status } = await walker.client.call('POST', '/api/v1/sign-in/factor', body);
    expect(status).toBe(half && right ? 200 : 401);
    if (half && right) walker.proved.add('factor');
  };
  const forget = (walker: Walker): void => {
    Object.assign(walker, { who: null, proved: new Set() });
    walker.client.cookie = '';
  };

  const actions: Record<string, (walker: Walker) => Promise<void>> = {
    'right password': (walker) => password(walker, true),
    'wrong password': (walker) => password(walker, false),
    'right code': async (walker) => {
      await forgetSteps(gatehouse);
      await answer(walker, { factor: 'totp', code: codeOf(secrets[walker.who ?? 'sam']) }, walker.who !== null);
    },
    'the same code twice': async (walker) => {
      if (!isHalf(walker)) return;
      await forgetSteps(gatehouse);
      const code = codeOf(secrets[walker.who!]);
      const second = new ApiClient(walker.client.url);
      await second.call('POST', '/api/v1/sign-in', people[walker.who!]);
      await answer(walker, { factor: 'totp', code }, true);
      expect((await second.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code })).status).toBe(401);
    },
    'wrong code': (walker) => answer(walker, { factor: 'totp', code: wrongCode(secrets[walker.who ?? 'sam']) }, false),
    'code of somebody else': (walker) =>
      answer(walker, { factor: 'totp', code: codeOf(secrets[walker.who === 'sam' ? 'lee' : 'sam']) }, false),
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
    'half sign-in as a session': async (walker) => {
      if (!isHalf(walker)) return;
      const other = new ApiClient(walker.client.url);
      other.cookie = walker.client.cookie.replace('__Host-sign-in', '__Host-sid');
      expect((await other.call('GET', '/api/v1/me')).status).toBe(401);
    },
    'step-up of a half sign-in': async (walker) => {
      if (!isHalf(walker)) return;
      await forgetSteps(gatehouse);
      const code = codeOf(secrets[walker.who!]);
      expect((await walker.client.call('POST', '/api/v1/me/step-up', { factor: 'totp', code })).status).toBe(401);
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
      const { status } = await walker.client.call('GET', '/api/v1/me');
      if ((status === 200) !== isIn(walker))
        throw new Error(`Seed ${SEED}, step ${step}: ${trail.slice(-8).join('; ')}`);
    }
  }, 180_000);
});
