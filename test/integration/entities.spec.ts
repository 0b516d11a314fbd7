import type { DeviceDetail, EntityView, ThrottledSource } from '../../server/contracts/entities.js';
import type { Page } from '../../server/contracts/paging.js';
import type { AuditEntry } from '../../server/contracts/operations.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { addPerson, browserOf } from '../support/sessions.js';

const ADDRESS = '45.33.32.156';
const V6 = '2001:db8:1:2::abcd';

describe('entity pages', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let key: string;
  let application: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
    const of = (more: object, count: number) => Array.from({ length: count }, () => anAttempt({ ...more }));
    const attempts = [
      ...of({ ip: ADDRESS, subject: 'ana@example.com' }, 3),
      ...of({ ip: ADDRESS, subject: 'nobody@example.com', reason: 'unknown_subject' }, 2),
      ...of({ ip: ADDRESS, subject: 'ana@example.com', outcome: 'success', reason: undefined }, 1),
      ...of({ ip: '45.33.32.9', subject: 'ana@example.com' }, 1),
      ...of({ ip: '10.0.0.7', subject: 'ana@example.com', outcome: 'success', reason: undefined }, 1),
      ...of({ ip: V6, subject: 'ana@example.com' }, 1),
    ];
    const authorization = `Bearer ${key}`;
    await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', attempts, { authorization });
    await eventually(async () => {
      const [row] = await gatehouse.database.query<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM attempts t JOIN applications a ON a.id = t.application_id WHERE a.name = 'Webmail'`,
      );
      return row!.n === attempts.length;
    }, 'all are scored');
    const [row] = await gatehouse.database.query<{ id: string }[]>(
      `SELECT id FROM applications WHERE name = 'Webmail'`,
    );
    application = row!.id;
  }, 60_000);
  afterAll(() => gatehouse.stop());

  const entity = async (query: string): Promise<EntityView> =>
    (await staff.call<EntityView>('GET', `/api/v1/entities/${query.replace('=', '/')}`)).body;

  it('counts an address, its neighbourhood, who was tried and who got in', async () => {
    const view = await entity(`ip=${ADDRESS}`);
    expect(view).toMatchObject({
      address: {
        ip: ADDRESS,
        special: null,
        neighbourhood: '45.33.32.0/24',
        near: { attempts: 7, successes: 1, failures: 6, addresses: 2, capped: false },
        throttledUntil: null,
      },
      network: { kind: 'hosting' },
      country: 'US',
      counts: { attempts: 6, successes: 1, failures: 5 },
      since: null,
      people: {
        total: 2,
        items: [
          { attempts: 4, successes: 1 },
          { attempts: 2, person: null, name: 'nobody@example.com' },
        ],
      },
      applications: { total: 1, items: [{ application: { name: 'Webmail' } }] },
    });
    expect(view.people.items[0]!.person).not.toBeNull();
    expect(view.days).toHaveLength(30);
    expect(view.days.at(-1)!.counts).toEqual({ success: 1, failure: 5 });
  });

  it('spells IPv6 short, names the /64, and calls private ranges what they are', async () => {
    const six = await entity('ip=2001:0db8:0001:0002:0000:0000:0000:abcd');
    expect(six.address).toMatchObject({ ip: V6, neighbourhood: '2001:db8:1:2::/64', special: 'reserved' });
    expect(six.counts.attempts).toBe(1);
    expect((await entity('ip=2001:db8::9')).address!.neighbourhood).toBe('2001:db8::/64');
    const inside = await entity('ip=10.0.0.7');
    expect(inside).toMatchObject({ address: { special: 'private' }, network: { kind: 'private' }, country: null });
    const never = await entity('ip=8.8.8.8');
    expect(never).toMatchObject({ network: null, firstAt: null, counts: { attempts: 0 }, people: { total: 0 } });
  });

  it('reads networks and applications, and refuses what is neither', async () => {
    const { network } = await entity(`ip=${ADDRESS}`);
    const asn = await entity(`asn=${network!.asn!}`);
    expect(asn).toMatchObject({
      address: null,
      counts: { attempts: 7 },
      addresses: { total: 2, items: [{ ip: ADDRESS }, {}] },
    });
    expect(await entity(`application=${application}`)).toMatchObject({
      application: { name: 'Webmail' },
      counts: { attempts: 9 },
      countries: { items: [{ country: 'US', attempts: 7 }] },
    });
    for (const query of ['ip/1.2.3', 'asn/x', 'asn/4294967296', 'application/1'])
      expect((await staff.call('GET', `/api/v1/entities/${query}`)).status).toBe(404);
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect((await staff.call('GET', `/api/v1/entities/application/${unknown}`)).status).toBe(404);
  });

  it('refuses an address for an hour, lets it in again, and keeps both in the audit log', async () => {
    const throttle = (ip: string) => staff.call<ThrottledSource>('POST', '/api/v1/sources/throttle', { ip });
    const first = await throttle(ADDRESS);
    expect(first).toMatchObject({ status: 200, body: { source: ADDRESS, added: true } });
    expect((await throttle(ADDRESS)).body.added).toBe(false);
    expect((await entity(`ip=${ADDRESS}`)).address!.throttledUntil).not.toBeNull();
    const authorization = `Bearer ${await staff.application('Shop', ['decide'])}`;
    const asked = { subject: 'lena@example.com', ip: ADDRESS, userAgent: 'curl/8' };
    const decide = async (ip: string) =>
      (await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/decide', { ...asked, ip }, { authorization }))
        .body;
    await eventually(async () => (await decide(ADDRESS))['decision'] === 'deny', 'it is refused');
    // Of IPv6 one subscriber holds the /64.
    expect((await throttle(V6)).body.source).toBe('2001:db8:1:2::/64');
    expect((await entity('ip=2001:db8:1:2::9')).address!.throttledUntil).not.toBeNull();
    const release = (ip: string) => staff.call('POST', '/api/v1/sources/release', { ip });
    expect((await release(ADDRESS)).body).toEqual({ released: true });
    expect((await release(ADDRESS)).body).toEqual({ released: false });
    await eventually(async () => (await decide(ADDRESS))['decision'] !== 'deny', 'it is let in');
    expect((await release('2001:db8:1:2::9')).body).toEqual({ released: true });
    const own = await throttle('127.0.0.1');
    expect(own).toMatchObject({ status: 409, body: { code: 'illegal_transition' } });
    const { body } = await staff.call<Page<AuditEntry>>('GET', '/api/v1/audit');
    const acts = body.items.map(({ action }) => action).filter((action) => action.startsWith('source.'));
    expect(acts.toReversed()).toEqual([
      ...['source.throttled', 'source.throttled', 'source.throttled', 'source.released', 'source.released'],
    ]);
  });

  it('ends sessions of an address and of a device, and leaves the own', async () => {
    const [lena, omar] = [await addPerson(gatehouse, 'user', 'lena'), await addPerson(gatehouse, 'user', 'omar')];
    const [first, second] = [
      await browserOf(gatehouse, { id: lena, role: 'user' }),
      await browserOf(gatehouse, { id: omar, role: 'user' }),
    ];
    const device = '00000000-0000-4000-8000-00000000d001';
    await gatehouse.database.query(
      `INSERT INTO devices (id, person_id, token_hash, device) VALUES ($1, $2, 'x', 'desktop')`,
      [device, lena],
    );
    await gatehouse.database.query('UPDATE sessions SET device_id = $1 WHERE id = $2', [device, first.sessionId]);
    const { body } = await staff.call<DeviceDetail>('GET', `/api/v1/devices/${device}`);
    expect(body).toMatchObject({ person: { name: 'lena' }, openSessions: 1, sessions: 1, removedAt: null });
    expect(body.days.at(-1)).toMatchObject({ counts: { success: 1, failure: 0 } });
    const listed = await staff.call<Page<{ id: string }>>('GET', `/api/v1/sessions?device=${device}`);
    expect(listed.body.items.map(({ id }) => id)).toEqual([first.sessionId]);
    const end = (select: object) =>
      staff.call<{ sessions: unknown[] }>('POST', '/api/v1/sessions/revoke-matching', select);
    expect((await end({ device })).body.sessions).toHaveLength(1);
    expect((await first.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await second.call('GET', '/api/v1/me')).status).toBe(200);
    expect((await end({ ip: '127.0.0.1' })).body.sessions.length).toBeGreaterThan(0);
    expect((await second.call('GET', '/api/v1/me')).status).toBe(401);
    expect((await staff.call('GET', '/api/v1/me')).status).toBe(200);
    for (const select of [{}, { ip: '127.0.0.1', device }]) expect((await end(select)).status).toBe(400);
  });
});
