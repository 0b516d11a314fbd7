import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { AttemptsFrame } from '../../server/contracts/live.js';
import type { RevocationReceipt } from '../../server/contracts/sessions.js';
import { LivePublisher } from '../../server/platform/live-bus.js';
import { rooms } from '../../server/platform/live-rooms.js';
import { createLogger } from '../../server/platform/logging.js';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { cutAt, type LiveSocket, openLive } from '../support/live.js';
import { addPerson, browserOf } from '../support/sessions.js';

/** The sweep's rhythm (server/live/live-sessions.ts), in milliseconds. */
const SWEEP_MS = 5_000;
/** What a machine busy with other tests may add. */
const SLACK_MS = 1_500;
/** The gateway looks for slow readers every second; two looks and some more. */
const LOOKED_MS = 3_000;

describe('the live side in bad times', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let analyst: string;
  let publisher: LivePublisher;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 0 });
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    analyst = await addPerson(gatehouse, 'analyst');
    const databaseUrl = (gatehouse.database.options as { url: string }).url;
    publisher = new LivePublisher({ redisUrl: undefined, databaseUrl }, createLogger({ logLevel: 'error' }, 'worker'));
  });
  afterAll(async () => {
    await publisher.close();
    await gatehouse.stop();
  });

  const browser = () => browserOf(gatehouse, { id: analyst, role: 'analyst' });
  const watching = async (client: ApiClient): Promise<LiveSocket> => {
    const socket = await openLive(client);
    expect(await socket.emitWithAck('watch.attempts', true)).toEqual({ ok: true });
    return socket;
  };
  const listener = async (): Promise<number | undefined> => {
    const [row] = await gatehouse.database.query<{ pid: number }[]>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'gatehouse-listener' AND datname = current_database()`,
    );
    return row?.pid;
  };

  it('cuts the socket of an ended session though its notice got lost, and then hears again', async () => {
    const client = await browser();
    const cut = cutAt(await openLive(client));
    const before = await listener();
    const since = Date.now();
    await gatehouse.database.transaction(async (tx) => {
      await tx.query('SELECT pg_terminate_backend($1, 2000)', [before]);
      // Ended without a notice at all, as when it was sent to nobody.
      await tx.query(`UPDATE sessions SET ended_at = now(), end_reason = 'revoked_by_staff' WHERE id = $1`, [
        client.sessionId,
      ]);
    });
    expect((await cut) - since).toBeLessThan(SWEEP_MS + SLACK_MS);
    expect((await client.call('GET', '/api/v1/me')).status).toBe(401);

    await eventually(async () => ![undefined, before].includes(await listener()), 'it listens again');
    const next = await browser();
    const nextCut = cutAt(await openLive(next));
    const revokedAt = Date.now();
    expect((await staff.call('POST', `/api/v1/sessions/${next.sessionId}/revoke`, {})).status).toBe(200);
    expect((await nextCut) - revokedAt).toBeLessThan(1_000);
  });

  it('cuts off a reader that does not read, while others go on', async () => {
    const idle = await browser();
    const [slow, quick] = [await watching(idle), await watching(await browser())];
    let frames = 0;
    quick.on('attempts.scored', () => (frames += 1));
    tcpOf(slow).pause();
    await flood(24, () => frames);
    await wait(LOOKED_MS);
    // A receipt counts the sockets that were cut for it: this one has gone before.
    const receipt = await staff.call<RevocationReceipt>('POST', `/api/v1/sessions/${idle.sessionId}/revoke`, {});
    const { confirmations } = await eventually(async () => {
      const { body } = await staff.call<RevocationReceipt>('GET', `/api/v1/revocations/${receipt.body.id}`);
      return body.confirmations.length === 1 && body;
    }, 'the server confirms');
    expect(confirmations).toMatchObject([{ socketsCut: 0 }]);
    const cut = cutAt(slow);
    tcpOf(slow).resume();
    await cut;
    publisher.emit(rooms.watchers, 'attempts.scored', frameOf(1));
    await eventually(async () => frames === 25, 'the quick reader goes on');
    quick.disconnect();
  });

  /** Sends frames to all watchers, each once somebody has read the one before. */
  async function flood(count: number, read: () => number): Promise<void> {
    for (let sent = 0; sent < count; sent += 1) {
      publisher.emit(rooms.watchers, 'attempts.scored', frameOf(1_000_000));
      await eventually(async () => read() > sent, 'the quick reader has it');
    }
  }
});

/** A frame of about so many bytes: far more than real ones, as the kernel holds some megabytes for each connection. */
const frameOf = (bytes: number): AttemptsFrame => ({
  sequence: 1,
  run: 'x'.repeat(bytes),
  sentAt: new Date().toISOString(),
  counts: { total: 0, success: 0, failure: 0, challenge: 0, blocked: 0 },
  levels: { low: 0, medium: 0, high: 0, critical: 0 },
  rows: [],
  sampled: false,
});

/** The TCP connection under a live socket. */
function tcpOf(socket: LiveSocket): Socket {
  const transport = socket.io.engine.transport as unknown as { ws: { _socket: Socket } };
  return transport.ws._socket;
}
