import type { AlertView } from '../../server/contracts/alerts.js';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { addPerson } from '../support/factors.js';
import { openLive } from '../support/live.js';

const home = {
  'x-forwarded-for': '193.136.2.20',
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36',
};
const thief = { 'x-forwarded-for': '45.33.32.156', 'user-agent': 'curl/8.5.0' };

describe('the token of an ended session, presented again', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let sam: { email: string; password: string };

  beforeAll(async () => {
    gatehouse = await startGatehouse({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
    sam = await addPerson(gatehouse, 'sam@example.com');
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
  });
  afterAll(() => gatehouse.stop());

  const signedInAtHome = async (): Promise<{ client: ApiClient; sessionId: string }> => {
    const client = new ApiClient(gatehouse.urls[0]!);
    await client.call('POST', '/api/v1/sign-in', sam, home);
    const { body } = await client.call<{ sessionId: string }>('GET', '/api/v1/me', undefined, home);
    return { client, sessionId: body.sessionId };
  };
  const revoke = (sessionId: string) => staff.call('POST', `/api/v1/sessions/${sessionId}/revoke`, {});
  const use = async (client: ApiClient, from: Record<string, string>): Promise<void> => {
    expect((await client.call('GET', '/api/v1/me', undefined, from)).body).toMatchObject({ code: 'session_ended' });
  };
  /** Whose alert is still to be raised. */
  const waiting = () => gatehouse.database.query<unknown[]>('SELECT FROM revoked_uses WHERE raised_at IS NULL');
  const noted = async (sessionId: string): Promise<number> =>
    (await gatehouse.database.query<unknown[]>('SELECT FROM revoked_uses WHERE session_id = $1', [sessionId])).length;
  const alerts = async () =>
    (await staff.call<{ items: AlertView[] }>('GET', '/api/v1/alerts?kind=revoked-session-used')).body.items;

  it('raises one alert, with both places, however often it is used', async () => {
    const { client, sessionId } = await signedInAtHome();
    await revoke(sessionId);
    await use(client, home);
    expect(await noted(sessionId)).toBe(0);
    await Promise.all([use(client, thief), use(client, thief)]);
    const raised = await eventually(async () => (await alerts())[0], 'the alert is raised');
    expect(raised).toMatchObject({
      severity: 'critical',
      person: { name: 'sam' },
      ip: thief['x-forwarded-for'],
      evidence: {
        topAddresses: [
          { value: thief['x-forwarded-for'], country: 'US' },
          { value: home['x-forwarded-for'], country: 'PT' },
        ],
      },
    });
    expect(await waiting()).toEqual([]);
    await use(client, { ...thief, 'x-forwarded-for': '185.220.101.9' });
    expect(await noted(sessionId)).toBe(1);
    const detail = await staff.call<{ attempts: { sessionId: string }[] }>('GET', `/api/v1/alerts/${raised.id}`);
    expect(detail.body.attempts).toMatchObject([{ sessionId, outcome: 'success' }]);
    expect(await alerts()).toHaveLength(1);
  });

  it('is noticed at a socket too, by the address that the proxy names', async () => {
    const { client, sessionId } = await signedInAtHome();
    await revoke(sessionId);
    await expect(openLive(client, thief)).rejects.toThrow('not_signed_in');
    expect(await noted(sessionId)).toBe(1);
    await eventually(async () => (await alerts()).length === 2, 'its alert is raised');
    expect((await alerts())[0]).toMatchObject({ severity: 'critical', ip: thief['x-forwarded-for'] });
  });

  it('is nothing where the session was signed out or ran out', async () => {
    const out = await signedInAtHome();
    const cookie = out.client.cookie;
    await out.client.call('POST', '/api/v1/sign-out', {}, home);
    out.client.cookie = cookie;
    await use(out.client, thief);
    const late = await signedInAtHome();
    await gatehouse.database.query('UPDATE sessions SET expires_at = now() WHERE id = $1', [late.sessionId]);
    await use(late.client, thief);
    expect((await noted(out.sessionId)) + (await noted(late.sessionId))).toBe(0);
  });
});
