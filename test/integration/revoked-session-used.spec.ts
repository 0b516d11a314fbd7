import type { AlertDetail, AlertView } from '../../server/contracts/alerts.js';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { addPerson } from '../support/factors.js';
import { openLive } from '../support/live.js';
import { settleIn } from '../support/suspicion.js';

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

  describe('a password that is changed after a sign-in', () => {
    const desk = { ...home, 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0 Safari/537.36' };
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1';
    const changeFrom = async (name: string, from: Record<string, string>): Promise<void> => {
      const person = await addPerson(gatehouse, `${name}@example.com`);
      await settleIn(gatehouse.urls[0]!, key, [`${name}@example.com`]);
      const client = new ApiClient(gatehouse.urls[0]!);
      expect((await client.call('POST', '/api/v1/sign-in', person, from)).status).toBe(200);
      await eventually(async () => (await signIns(name)).length === 1, 'the sign-in is judged');
      const change = { current: person.password, next: 'seven quiet herons by the lake' };
      expect((await client.call('POST', '/api/v1/me/password', change, from)).status).toBeLessThan(300);
    };
    const signIns = (name: string) =>
      gatehouse.database.query<{ id: string; score: number }[]>(
        `SELECT t.id, t.score FROM attempts t JOIN people p ON p.id = t.person_id JOIN applications a ON a.id = t.application_id
         WHERE p.email = $1 AND a.name = 'Gatehouse' AND t.outcome = 'success'`,
        [`${name}@example.com`],
      );
    const alertsOf = async (name: string) =>
      (await staff.call<{ items: AlertView[] }>('GET', '/api/v1/alerts')).body.items.filter(
        ({ person }) => person?.name === name,
      );
    const lookedAt = () =>
      eventually(async () => {
        const [row] = await gatehouse.database.query<{ done: boolean }[]>(
          'SELECT audit_read >= (SELECT max(sequence) FROM audit_entries) AS done FROM scoring_lane',
        );
        return row?.done;
      }, 'the audit log is read');
    let key: string;
    beforeAll(async () => {
      key = await staff.application('Webmail');
    });

    it('with a new device on a new network is an alert, whose score says both', async () => {
      await changeFrom('kim', { 'x-forwarded-for': '85.240.20.9', 'user-agent': phone });
      const [signIn] = await signIns('kim');
      expect(signIn!.score).toBeLessThan(60);
      const alert = await eventually(async () => (await alertsOf('kim'))[0], 'the alert is raised');
      expect(alert).toMatchObject({ kind: 'suspicious-sign-in', evidence: { successes: 1 } });
      const { body } = await staff.call<AlertDetail>('GET', `/api/v1/alerts/${alert.id}`);
      expect(body.risk).toMatchObject({ score: alert.score });
      expect(body.risk!.score).toBe(signIn!.score + 30);
      expect(body.risk!.signals).toContainEqual(
        expect.objectContaining({
          kind: 'credential-change-after-new-device',
          points: 30,
          evidence: { change: 'password', minutes: expect.any(Number) as number },
        }),
      );
      expect(body.attempts).toMatchObject([{ id: signIn!.id }]);
      await lookedAt();
      expect(await alertsOf('kim')).toHaveLength(1);
    });

    it('at the own desk is none', async () => {
      await changeFrom('lee', desk);
      await lookedAt();
      expect(await alertsOf('lee')).toEqual([]);
    });
  });
});
