import type { RevocationReceipt } from '../../server/contracts/sessions.js';
import type { WebhookDelivery, WebhookMessage, WebhookSet, WebhookView } from '../../server/contracts/webhooks.js';
import { notify } from '../../server/platform/database/listener.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { addPerson, browserOf } from '../support/sessions.js';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const NO_ID = '00000000-0000-4000-8000-000000000000';
const events = ['alert.raised', 'alert.escalated', 'alert.resolved', 'incident.opened', 'session.revoked'];
/** Two networks have nothing in common, so that each is an alert of its own. */
const sources = ['45.33.32.156', '8.8.4.4', '193.136.2.20', '1.1.1.1'];

describe('a webhook, by HTTPS, with two workers', () => {
  let receiver: WebhookReceiver;
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let key: string;
  let secret: string;

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    gatehouse = await startGatehouse({
      workers: 2,
      env: { WEBHOOK_PRIVATE: '1', NODE_EXTRA_CA_CERTS: receiver.authority },
    });
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
  }, 90_000);
  afterAll(async () => {
    await gatehouse.stop();
    await receiver.stop();
  });

  const set = (change: object = {}) =>
    staff.call<WebhookSet>('PUT', '/api/v1/webhook', {
      url: `${receiver.url}/hooks/T0KEN`,
      events,
      severity: 'medium',
      perWindow: 100,
      ...change,
    });
  const read = async (client = staff) => (await client.call<WebhookView>('GET', '/api/v1/webhook')).body.target;
  const messages = async () =>
    (await staff.call<{ items: WebhookDelivery[] }>('GET', '/api/v1/webhook/messages')).body.items;
  const inState = (type: string, state: WebhookDelivery['state']) =>
    eventually(
      async () => (await messages()).find((message) => message.type === type && message.state === state),
      `${type} is ${state}`,
    );
  const attack = (source: number) =>
    new ApiClient(gatehouse.urls[0]!).call(
      'POST',
      '/api/v1/attempts',
      Array.from({ length: 12 }, (_, index) =>
        anAttempt({ subject: `nobody${index}@example.com`, ip: sources[source] }),
      ),
      { authorization: `Bearer ${key}` },
    );
  /** Lets the pause before the next try pass. */
  const pass = () =>
    gatehouse.database.query(
      `UPDATE notifications SET next_try_at = now() WHERE person_id IS NULL AND next_try_at IS NOT NULL`,
    );
  const look = () => notify(gatehouse.database.manager, 'incident_changed', { incidentId: NO_ID });
  const received = (type: WebhookMessage['type']) =>
    receiver.received.filter(({ body }) => (JSON.parse(body) as WebhookMessage).type === type);
  const open = async () =>
    (await staff.call<{ items: { id: string }[] }>('GET', '/api/v1/alerts?status=open')).body.items[0]!.id;

  it('shows its secret once, and its address to administrators only', async () => {
    expect((await staff.call('POST', '/api/v1/webhook/test')).status).toBe(404);
    const { status, body } = await set();
    expect(status).toBe(200);
    secret = body.secret!;
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect((await set()).body.secret).toBeNull();
    expect(JSON.stringify(await gatehouse.database.query('SELECT * FROM webhook'))).not.toContain(secret.slice(6));
    const auditor = await browserOf(gatehouse, { id: await addPerson(gatehouse, 'auditor'), role: 'auditor' });
    expect((await read(auditor))?.url).toBe(receiver.url);
    expect((await read())?.url).toBe(`${receiver.url}/hooks/T0KEN`);
    const log = JSON.stringify(
      await gatehouse.database.query(`SELECT detail FROM audit_entries WHERE action = 'webhook.changed'`),
    );
    expect(log).toMatch(/"severity":"medium","perWindow":100\},"before":null/);
    expect(log).not.toMatch(/T0KEN|whsec/);
  });

  it('gets a test message that another library verifies, and says what the receiver answered', async () => {
    expect((await staff.call('POST', '/api/v1/webhook/test')).body).toMatchObject({ taken: true });
    expect(await receiver.message(secret, 'test')).toMatchObject({ version: 1, data: { by: 'Ana' } });
    receiver.answer = 'elsewhere';
    expect((await staff.call('POST', '/api/v1/webhook/test')).body).toEqual({
      taken: false,
      answer: '302: the receiver points elsewhere, which is not followed.',
    });
    expect(receiver.received.every(({ path }) => path === '/hooks/T0KEN')).toBe(true);
    receiver.answer = 204;
  });

  it('is told of an alert, again under the same id until it takes it, and of its end', async () => {
    receiver.answer = 503;
    await attack(0);
    expect(await inState('alert.raised', 'retrying')).toMatchObject({ tries: 1, lastError: '503 It is 503.' });
    expect((await read())?.failingSince).not.toBeNull();
    receiver.answer = 204;
    await pass();
    const { id } = await inState('alert.raised', 'delivered');
    const tries = received('alert.raised').filter(({ headers }) => headers['webhook-id'] === id);
    expect(tries.length).toBeGreaterThanOrEqual(2);
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
    const raised = await receiver.message(secret, 'alert.raised');
    expect(raised.data).toMatchObject({ severity: expect.any(String) as string, ip: sources[0] });
    expect((await read())?.failingSince).toBeNull();
    await staff.call('PATCH', `/api/v1/alerts/${await open()}`, { action: 'resolve', verdict: 'true_positive' });
    expect((await receiver.message(secret, 'alert.resolved')).data).toMatchObject({
      status: 'resolved',
      verdict: 'true_positive',
    });
    await inState('alert.resolved', 'delivered');
  }, 60_000);

  it('is told of ended sessions, not of those that somebody signed out of', async () => {
    const id = await addPerson(gatehouse, 'user');
    const [first, second] = [
      await browserOf(gatehouse, { id, role: 'user' }),
      await browserOf(gatehouse, { id, role: 'user' }),
    ];
    await first.call('POST', '/api/v1/sign-out');
    const { body: ended } = await staff.call<RevocationReceipt>('POST', `/api/v1/sessions/${second.sessionId}/revoke`, {
      reason: 'Lost phone',
    });
    expect((await receiver.message(secret, 'session.revoked')).data).toMatchObject({
      by: 'Ana',
      reason: 'Lost phone',
      endReason: 'revoked_by_staff',
      sessions: 1,
      people: [{ id, name: 'user' }],
    });
    await inState('session.revoked', 'delivered');
    expect(received('session.revoked')).toHaveLength(1);
    // The receipt says so too.
    const { body: receipt } = await staff.call<RevocationReceipt>('GET', `/api/v1/revocations/${ended.id}`);
    expect(receipt.told).toMatchObject({ state: 'delivered', answer: null });
    expect(Date.parse(receipt.told!.at!)).toBeGreaterThanOrEqual(Date.parse(receipt.revokedAt));
  });

  it('is signed with both secrets after a new one', async () => {
    const { body } = await staff.call<WebhookSet>('POST', '/api/v1/webhook/secret');
    expect(body.target?.overlapUntil).not.toBeNull();
    await staff.call('POST', '/api/v1/webhook/test');
    const count = received('test').length - 1;
    await receiver.message(secret, 'test', count);
    await receiver.message(body.secret!, 'test', count);
    await gatehouse.database.query('UPDATE webhook SET former_until = now()');
    await staff.call('POST', '/api/v1/webhook/test');
    await expect(receiver.message(secret, 'test', count + 1)).rejects.toThrow();
    secret = body.secret!;
  });

  it('holds what exceeds its budget, and tells it in one digest with the exact count', async () => {
    await set({ perWindow: 1, events: ['alert.raised', 'alert.resolved'] });
    const before = received('digest').length;
    for (const source of [1, 2]) await attack(source);
    const held = await eventually(async () => {
      const found = (await messages()).filter(({ state }) => state === 'held');
      return found.length >= 2 && found;
    }, 'two events are held');
    await pass();
    const digest = await receiver.message(secret, 'digest', before);
    const counted = digest.type === 'digest' ? digest.data.counts.reduce((sum, { count }) => sum + count, 0) : 0;
    const digested = (await messages()).filter(({ state }) => state === 'digested');
    expect(counted).toBe(digested.length);
    expect(digested.length).toBeGreaterThanOrEqual(held.length);
    await set();
  }, 60_000);

  it('holds up no mail while it trickles', async () => {
    receiver.answer = 'trickle';
    await gatehouse.database.query(`UPDATE alerts SET severity = 'critical' WHERE severity < 'critical'`);
    await look();
    await inState('alert.escalated', 'waiting');
    const asked = Date.now();
    await staff.call('POST', '/api/v1/mail/test');
    await eventually(async () => {
      const [row] = await gatehouse.database.query<{ state: string }[]>(
        `SELECT state FROM notifications WHERE kind = 'test_message' ORDER BY created_at DESC LIMIT 1`,
      );
      return row?.state === 'sent';
    }, 'the mail leaves');
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect((await inState('alert.escalated', 'retrying')).lastError).toBe(
      'The receiver did not answer within 10 seconds.',
    );
  }, 60_000);

  it('is turned off once it took nothing for days, or says that it is gone; administrators are told', async () => {
    receiver.answer = 500;
    await gatehouse.database.query(`UPDATE webhook SET failing_since = now() - interval '4 days'`);
    await pass();
    const off = await eventually(async () => (await read())?.disabled ?? undefined, 'it is off');
    expect(off.reason).toMatch(/^It took nothing for 3 days, the last time: .+\.$/);
    expect((await messages()).some(({ state }) => state === 'waiting' || state === 'retrying')).toBe(false);
    expect(
      await gatehouse.database.query(`SELECT recipient FROM notifications WHERE kind = 'webhook_disabled'`),
    ).toHaveLength(1);
    expect((await staff.call<WebhookView>('POST', '/api/v1/webhook/enable')).body.target?.disabled).toBeNull();
    receiver.answer = 410;
    await gatehouse.database.query(
      `UPDATE alerts SET resolved_at = now(), status = 'resolved' WHERE status <> 'resolved'`,
    );
    await look();
    expect(
      (await eventually(async () => (await read())?.disabled ?? undefined, 'it is off again', 30_000)).reason,
    ).toBe('It answered that it is gone: 410 It is 410.');
  }, 60_000);

  it('is told twice, under one id, when a worker dies before it wrote that it was; and nothing once it is removed', async () => {
    await staff.call('POST', '/api/v1/webhook/enable');
    receiver.answer = 'silence';
    const before = received('alert.raised').length;
    await attack(3);
    await eventually(async () => received('alert.raised').length > before, 'the receiver is asked');
    for (const worker of gatehouse.processes.workers) worker.kill('SIGKILL');
    receiver.answer = 204;
    await gatehouse.startWorker();
    await pass();
    const ids = () =>
      received('alert.raised')
        .slice(before)
        .map(({ headers }) => headers['webhook-id']);
    await eventually(async () => ids().length >= 2, 'it is asked again');
    expect(ids().filter((id) => id === ids()[0]).length).toBeGreaterThanOrEqual(2);
    expect((await staff.call<WebhookView>('DELETE', '/api/v1/webhook')).body.target).toBeNull();
    const actions = await gatehouse.database.query<{ action: string }[]>(
      `SELECT DISTINCT action FROM audit_entries WHERE action LIKE 'webhook.%' ORDER BY action`,
    );
    expect(actions.map(({ action }) => action.slice(8))).toEqual([
      ...['changed', 'disabled', 'enabled', 'removed', 'secret_renewed', 'tested'],
    ]);
  }, 60_000);
});
