import { randomUUID } from 'node:crypto';
import type { AlertView } from '../../server/contracts/alerts.js';
import type { AttemptsFrame } from '../../server/contracts/live.js';
import type { ListedReceipt, RevocationReceipt } from '../../server/contracts/sessions.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { openLive } from '../support/live.js';
import { startRedis } from '../support/redis.js';
import { addPerson, browserOf } from '../support/sessions.js';

describe.each([{ shape: 'PostgreSQL alone' }, { shape: 'PostgreSQL and Redis' }])(
  'two servers, two workers, $shape',
  ({ shape }) => {
    let gatehouse: Gatehouse;
    let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
    let first: ApiClient;
    let second: ApiClient;
    let key: string;

    beforeAll(async () => {
      redis = shape.includes('Redis') ? await startRedis() : undefined;
      gatehouse = await startGatehouse({ servers: 2, workers: 2, ...(redis ? { redisUrl: redis.url } : {}) });
      first = await ApiClient.signedIn(gatehouse.urls[0]!);
      second = await ApiClient.signedIn(gatehouse.urls[1]!);
      key = await first.application('Webmail');
    }, 120_000);

    afterAll(async () => {
      await gatehouse.stop();
      await redis?.stop();
    }, 60_000);

    const record = (records: unknown[], url = gatehouse.urls[0]!) =>
      new ApiClient(url).call<{ recorded: number; duplicates: number }>('POST', '/api/v1/attempts', records, {
        authorization: `Bearer ${key}`,
      });

    it('carries an attack to a screen on the other server, with its reasons', async () => {
      const socket = await openLive(second);
      const frames: AttemptsFrame[] = [];
      const alerts: AlertView[] = [];
      socket.on('attempts.scored', (frame) => frames.push(frame));
      socket.on('alert.raised', (alert) => alerts.push(alert));
      const watching = await new Promise((resolve) => socket.emit('watch.attempts', true, resolve));
      expect(watching).toEqual({ ok: true });

      const burst = Array.from({ length: 12 }, (_, index) =>
        anAttempt({ occurredAt: new Date(Date.now() - 12_000 + index * 1_000).toISOString() }),
      );
      expect((await record(burst)).body).toMatchObject({ recorded: 12, duplicates: 0 });
      expect((await record(burst, gatehouse.urls[1])).body).toMatchObject({ recorded: 0, duplicates: 12 });

      const alert = await eventually(async () => alerts.find(({ ip }) => ip === '45.33.32.156'), 'the alert arrives');
      expect(alert.kind).toBe('brute-force-source');
      await eventually(
        async () => frames.reduce((sum, frame) => sum + frame.counts.failure, 0) === 12,
        'the frames count each attempt once',
      );
      expect(frames.every((frame) => frame.rows.length <= 50)).toBe(true);
      const detail = await first.call<{ evidence: { failures: number } }>('GET', `/api/v1/alerts/${alert.id}`);
      expect(detail.body.evidence.failures).toBe(12);
      socket.disconnect();
    });

    it('ends a session on both servers at once: socket cut, next request refused, receipt confirmed', async () => {
      const victim = await ApiClient.signedIn(gatehouse.urls[1]!);
      const { sessionId } = await victim.me();
      const socket = await openLive(victim);
      const told = new Promise((resolve) => socket.once('you.signed_out', resolve));
      const cut = new Promise((resolve) => socket.once('disconnect', resolve));
      const { status, body } = await first.call<RevocationReceipt>('POST', `/api/v1/sessions/${sessionId}/revoke`, {
        reason: 'test',
      });
      expect(status).toBe(200);
      expect(await told).toMatchObject({ reason: 'revoked_by_staff' });
      await cut;
      for (const url of gatehouse.urls) {
        const elsewhere = new ApiClient(url);
        elsewhere.cookie = victim.cookie;
        expect(await elsewhere.call('GET', '/api/v1/me')).toMatchObject({
          status: 401,
          body: { code: 'session_ended' },
        });
      }
      const receipt = await eventually(async () => {
        const answer = await first.call<RevocationReceipt>('GET', `/api/v1/revocations/${body.id}`);
        return answer.body.confirmations.length === 2 && answer.body;
      }, 'both servers confirm');
      expect(receipt.confirmations.reduce((sum, { socketsCut }) => sum + socketsCut, 0)).toBe(1);
      expect(receipt.pendingNodes).toEqual([]);
    });

    it('ends the sessions that are named in one step, on both servers, and tells which of them it did not', async () => {
      const vera = { id: await addPerson(gatehouse, 'user', 'vera'), role: 'user' as const };
      const victims = await Promise.all([0, 1, 0].map((server) => browserOf(gatehouse, vera, gatehouse.urls[server])));
      const over = await browserOf(gatehouse, vera);
      await first.call('POST', `/api/v1/sessions/${over.sessionId}/revoke`, {});
      type Found = { items: { id: string; receiptId: string | null }[] };
      const found = async (query: string) => (await second.call<Found>('GET', `/api/v1/sessions?${query}`)).body.items;
      const counted = (query: string) => second.call('GET', `/api/v1/sessions/count?${query}`).then(({ body }) => body);
      expect(await counted('search=VERA')).toEqual({ sessions: 3, people: 1 });
      const ids = victims.map(({ sessionId }) => sessionId);
      // Page by page in each order, none twice and none left out.
      for (const sort of ['recent', 'started', 'person']) {
        const page = await second.call<Found & { nextCursor: string }>(
          'GET',
          `/api/v1/sessions?search=vera&sort=${sort}&limit=2`,
        );
        const rest = await found(`search=vera&sort=${sort}&limit=2&cursor=${page.body.nextCursor}`);
        expect([...page.body.items, ...rest].map(({ id }) => id).sort()).toEqual([...ids].sort());
      }
      const sockets = await Promise.all(victims.map((victim) => openLive(victim)));
      const cut = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('disconnect', resolve))));
      const { sessionId: own } = await first.me();
      const { status, body } = await first.call<ListedReceipt>('POST', '/api/v1/sessions/revoke-listed', {
        sessionIds: [...ids, over.sessionId, own],
        reason: 'lost laptops',
      });
      expect([status, body.notEnded.sort()]).toEqual([200, [over.sessionId, own].sort()]);
      expect(body.receipt!.sessions.map(({ id }) => id).sort()).toEqual([...ids].sort());
      await cut;
      const receipt = await eventually(async () => {
        const answer = await first.call<RevocationReceipt>('GET', `/api/v1/revocations/${body.receipt!.id}`);
        return answer.body.confirmations.length === 2 && answer.body;
      }, 'both servers confirm');
      expect(receipt.confirmations.map(({ socketsCut }) => socketsCut).sort()).toEqual([1, 2]);
      expect(receipt).toMatchObject({ reason: 'lost laptops', pendingNodes: [], told: null });
      const ended = await found('search=vera&state=ended');
      expect(ended.filter(({ receiptId }) => receiptId === receipt.id)).toHaveLength(3);
      expect(await counted('search=vera')).toEqual({ sessions: 0, people: 0 });
      // Again: nothing is left to end, and that is told.
      const again = await first.call<ListedReceipt>('POST', '/api/v1/sessions/revoke-listed', { sessionIds: ids });
      expect(again.body).toEqual({ receipt: null, notEnded: ids });
      expect((await first.me()).sessionId).toBe(own);
    });

    it('shows analysts on different servers who looks at the same alert, until they look away or are gone', async () => {
      const bea = await browserOf(
        gatehouse,
        { id: await addPerson(gatehouse, 'analyst', 'bea'), role: 'analyst' },
        gatehouse.urls[1],
      );
      const user = await browserOf(gatehouse, { id: await addPerson(gatehouse, 'user', 'uma'), role: 'user' });
      const [alertId, other] = [randomUUID(), randomUUID()];
      const [anas, beas] = [await openLive(first), await openLive(bea)];
      const seen: string[][] = [];
      anas.on('alert.lookers', ({ alertId: at, people }) => {
        if (at === alertId) seen.push(people.map(({ name }) => name).sort());
      });
      expect(await anas.emitWithAck('look.alert', alertId)).toEqual({ ok: true });
      expect(await beas.emitWithAck('look.alert', alertId)).toEqual({ ok: true });
      await eventually(async () => seen.at(-1)?.join() === 'Ana,bea', 'Ana sees bea');
      await beas.emitWithAck('look.alert', other);
      await eventually(async () => seen.at(-1)?.join() === 'Ana', 'bea looks away');
      await beas.emitWithAck('look.alert', alertId);
      await eventually(async () => seen.at(-1)?.join() === 'Ana,bea', 'bea looks again');
      beas.disconnect();
      await eventually(async () => seen.at(-1)?.join() === 'Ana', 'bea is gone');
      expect(await anas.emitWithAck('look.alert', 'staff')).toEqual({ ok: false, code: 'invalid_request' });
      const users = await openLive(user);
      expect(await users.emitWithAck('look.alert', alertId)).toEqual({ ok: false, code: 'forbidden' });
      users.disconnect();
      anas.disconnect();
    });

    it('scores everything exactly once when the scoring worker is killed', async () => {
      const before = await scoredCount();
      const sent = Array.from({ length: 40 }, (_, batch) =>
        Array.from({ length: 50 }, () => anAttempt({ subject: `person-${batch}@example.com`, outcome: 'success' })),
      );
      const answers = sent.map((batch, index) => record(batch, gatehouse.urls[index % 2]));
      const [lane] = await gatehouse.database.query<{ holder: string }[]>('SELECT holder FROM scoring_lane');
      expect(lane?.holder).toBeTruthy();
      gatehouse.processes.workers[0]?.kill('SIGKILL');
      for (const answer of await Promise.all(answers))
        expect(answer).toMatchObject({ status: 202, body: { recorded: 50 } });
      await eventually(async () => (await scoredCount()) === before + 2_000, 'all are scored', 40_000);
      const [hours] = await gatehouse.database.query<{ sum: string }[]>('SELECT sum(attempts) FROM attempt_hours');
      expect(Number(hours?.sum)).toBe(await scoredCount());
    }, 60_000);

    const scoredCount = async (): Promise<number> => {
      const [row] = await gatehouse.database.query<{ count: string }[]>('SELECT count(*) FROM attempts');
      return Number(row?.count);
    };
  },
);
