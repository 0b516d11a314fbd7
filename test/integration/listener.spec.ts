import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Client } from 'pg';
import { pino } from 'pino';
import { Listener, notify } from '../../server/platform/database/listener.js';
import { eventually } from '../support/gatehouse.js';
import { emptyDatabase, type TestDatabase } from '../support/postgres.js';

/** Stands before PostgreSQL, and can be made to end every connection as one does that is away. */
class Door {
  attempts = 0;
  private open = true;
  private readonly sockets = new Set<Socket>();
  private readonly server;

  constructor(target: URL) {
    this.server = createServer((socket) => {
      this.attempts += 1;
      socket.on('error', () => undefined);
      if (!this.open) {
        socket.destroy();
        return;
      }
      const behind = connect(Number(target.port), target.hostname);
      behind.on('error', () => socket.destroy());
      for (const one of [socket, behind]) {
        this.sockets.add(one);
        one.on('close', () => this.sockets.delete(one));
      }
      socket.pipe(behind).pipe(socket);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  set(open: boolean): void {
    this.open = open;
    if (!open) for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.set(false);
    this.server.close();
  }
}

describe('the listener while PostgreSQL is away', () => {
  let database: TestDatabase;
  let door: Door;
  let listener: Listener;

  beforeAll(async () => {
    database = await emptyDatabase();
    door = new Door(new URL(database.url));
    const url = new URL(database.url);
    url.port = String(await door.listen());
    url.hostname = '127.0.0.1';
    listener = new Listener(url.href, pino({ level: 'silent' }));
    await listener.start();
  });
  afterAll(async () => {
    await listener.stop();
    door.close();
    await database.drop();
  });

  it('tries again one connection at a time, with pauses, and hears each notice once afterwards', async () => {
    let resumed = 0;
    let heard = 0;
    listener.on('resumed', () => (resumed += 1));
    listener.on('session_started', () => (heard += 1));
    expect(door.attempts).toBe(1);
    door.set(false);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    // After 50, 100, 200, 400, 800 and 1,600 ms: six. Tries that started others of their own were hundreds.
    expect(door.attempts - 1).toBeGreaterThanOrEqual(4);
    expect(door.attempts - 1).toBeLessThanOrEqual(7);
    door.set(true);
    await eventually(() => Promise.resolve(resumed === 1), 'it listens again');
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await notify(client, 'session_started', { sessionId: 'a' });
    await client.end();
    await eventually(() => Promise.resolve(heard > 0), 'the notice is heard');
    expect([resumed, heard]).toEqual([1, 1]);
  }, 30_000);
});
