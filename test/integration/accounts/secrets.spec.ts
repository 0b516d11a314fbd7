import { countUseBeyond, renewSeals } from '../../../server/authentication/renew-secrets.js';
import { numberPlace } from '../../../server/authentication/check-factor.js';
import { HashPassword } from '../../../server/authentication/hash-password.js';
import { loadConfig } from '../../../server/platform/config.js';
import { Seal } from '../../../server/platform/seal.js';
import { gatewaySecretPlace, readGateway, renewGatewaySeal } from '../../../server/sms/read-gateway.js';
import { verifyChain } from '../../../server/audit/verify-chain.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp, withPassword } from '../../support/factors.js';
import { type admin, ApiClient, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';

const [OLD, NEW] = ['an old root secret of 32 characters and more', 'a new root secret of 32 characters and more'];
/** What both servers are set to, one after the other, so that none ever meets what it can't read. */
const onlyOld = { GATEHOUSE_SECRET: OLD };
const oldFirst = { GATEHOUSE_SECRET: OLD, GATEHOUSE_OTHER_SECRETS: NEW };
const newFirst = { GATEHOUSE_SECRET: NEW, GATEHOUSE_OTHER_SECRETS: OLD };
const onlyNew = { GATEHOUSE_SECRET: NEW };

const { keysFor } = loadConfig(newFirst);
const seal = new Seal(keysFor('secrets-at-rest'));
const formerSeal = new Seal(loadConfig(onlyOld).keysFor('secrets-at-rest'));
const current = new Set([new HashPassword(keysFor('password-pepper')).pepperId, seal.keyId]);

describe('the root secret, changed while people sign in at two servers', () => {
  let gatehouse: Gatehouse;
  let people: (typeof admin)[];
  let idle: typeof admin;
  let tess: typeof admin;
  let factors: { secret: string; backupCodes: string[] };

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2, workers: 0, env: onlyOld });
    people = [];
    for (const name of ['ben', 'cho', 'dia', 'eli']) people.push(await addPerson(gatehouse, `${name}@example.com`));
    idle = await addPerson(gatehouse, 'idle@example.com');
    tess = await addPerson(gatehouse, 'tess@example.com');
    factors = await turnOnTotp(await ApiClient.signedIn(gatehouse.urls[0]!, tess));
  });
  afterAll(() => gatehouse.stop());

  const signIn = async (url: string, who: typeof admin): Promise<number> =>
    (await new ApiClient(url).call('POST', '/api/v1/sign-in', who)).status;
  const answerOf = async (factor: 'totp' | 'backup_code', code: string): Promise<number> =>
    (await (await withPassword(gatehouse.urls[1]!, tess)).call('POST', '/api/v1/sign-in/factor', { factor, code }))
      .status;
  const setAll = async (settings: Record<string, string>): Promise<void> => {
    for (const index of [0, 1]) await gatehouse.restartServer(index, settings);
  };

  it('fails no sign-in on the way, at either server', async () => {
    const load = signInUntilTold(gatehouse.urls, people, signIn);
    await setAll(oldFirst);
    await setAll(newFirst);
    const statuses = await load.end();
    expect(statuses.length).toBeGreaterThan(people.length);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('renews what it can, and counts what still needs the former secret', async () => {
    for (const one of people) expect(await signIn(gatehouse.urls[0]!, one)).toBe(200);
    expect(await countUseBeyond(gatehouse.database, current)).toMatchObject({ backupCodes: 1, sealed: 1 });
    await forgetSteps(gatehouse);
    expect(await answerOf('totp', codeOf(factors.secret))).toBe(200);
    expect(await answerOf('backup_code', factors.backupCodes[0]!)).toBe(200);
    await renewSeals(gatehouse.database, seal);
    // The passwords of the administrator and of the idle person, who did not sign in since.
    expect(await countUseBeyond(gatehouse.database, current)).toEqual({ passwords: 2, backupCodes: 1, sealed: 0 });
    expect((await verifyChain(gatehouse.database, keysFor('audit-chain'))).brokenAt).toBeNull();
  });

  it('renews a phone number and the key of the SMS gateway', async () => {
    const { database } = gatehouse;
    const [{ id } = { id: '' }] = await database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [
      idle.email,
    ]);
    await database.query(
      `INSERT INTO authenticators (id, person_id, kind, name, secret) VALUES (gen_random_uuid(), $1, 'sms', '', $2)`,
      [id, formerSeal.close('+491512345678', numberPlace(id))],
    );
    await database.query(`INSERT INTO sms_gateway (settings, sealed, prefixes, per_day) VALUES ('{}', $1, '{}', 1)`, [
      formerSeal.close('k3y', gatewaySecretPlace),
    ]);
    expect(await countUseBeyond(database, current)).toMatchObject({ sealed: 2 });
    await renewSeals(database, seal);
    await renewGatewaySeal(database, seal);
    expect(await countUseBeyond(database, current)).toMatchObject({ sealed: 0 });
    expect(await readGateway(database, new Seal(loadConfig(onlyNew).keysFor('secrets-at-rest')))).toMatchObject({
      secret: 'k3y',
    });
  });

  it('lets the former one be removed', async () => {
    await setAll(onlyNew);
    for (const one of people) expect(await signIn(gatehouse.urls[1]!, one)).toBe(200);
    await forgetSteps(gatehouse);
    expect(await answerOf('totp', codeOf(factors.secret))).toBe(200);
    expect(await signIn(gatehouse.urls[0]!, idle)).toBe(401);
    expect(await signIn(gatehouse.urls[0]!, { ...idle, password: 'another one' })).toBe(401);
  });
});

/** Signs people in one after the other, at the next server where one is just being restarted, as behind a proxy. */
function signInUntilTold<Who>(urls: string[], people: Who[], signIn: (url: string, who: Who) => Promise<number>) {
  const statuses: number[] = [];
  let going = true;
  const atEither = async (turn: number, who: Who): Promise<number> => {
    const [first, second] = [urls[turn % 2]!, urls[(turn + 1) % 2]!];
    try {
      return await signIn(first, who);
    } catch {
      return signIn(second, who);
    }
  };
  const run = async (): Promise<void> => {
    for (let turn = 0; going; turn += 1) statuses.push(await atEither(turn, people[turn % people.length]!));
  };
  const running = run();
  return {
    end: async (): Promise<number[]> => {
      going = false;
      await running;
      return statuses;
    },
  };
}
