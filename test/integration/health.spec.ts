import type { SystemHealth } from '../../server/contracts/health.js';
import { version } from '../../server/platform/version.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { openLive } from '../support/live.js';
import { addPerson, browserOf } from '../support/sessions.js';

describe('the health of two servers and two workers', () => {
  let gatehouse: Gatehouse;
  let admin: ApiClient;

  beforeAll(async () => {
    // One after the other, so that it is known who holds the lane: the first.
    gatehouse = await startGatehouse({ servers: 2, workers: 1 });
    admin = await ApiClient.signedIn(gatehouse.urls[0]!);
    await eventually(async () => (await health()).scoring.holder !== null, 'the first worker scores');
    await gatehouse.startWorker();
  }, 60_000);
  afterAll(() => gatehouse.stop());

  const health = async (): Promise<SystemHealth> => (await admin.call<SystemHealth>('GET', '/api/v1/health')).body;
  const alive = ({ processes }: SystemHealth, kind: string) =>
    processes.filter((one) => one.kind === kind && one.state === 'alive');

  it('is all well, and says who runs since when, what waits, and what is stored', async () => {
    const measured = await health();
    expect(measured.findings).toEqual([]);
    expect([alive(measured, 'server').length, alive(measured, 'worker').length]).toEqual([2, 2]);
    expect(new Set(measured.processes.map((one) => one.version))).toEqual(new Set([version]));
    expect(measured).toMatchObject({
      version,
      schema: { missing: 0 },
      carrier: { kind: 'postgresql' },
      bundled: false,
    });
    // The database is elsewhere: its room is not guessed.
    expect(measured.storage).toBeNull();
    expect(measured.database.bytes).toBeGreaterThan(1e6);
    const { partitions, days } = measured.retention;
    expect(partitions.length).toBeGreaterThan(12);
    // A month is dropped once its last day is older than what is kept.
    const [oldest] = partitions;
    const end = new Date(oldest!.month);
    end.setUTCMonth(end.getUTCMonth() + 1);
    expect(Date.parse(oldest!.dropsAt)).toBe(end.getTime() + days * 86_400_000);
    expect(Date.parse(oldest!.dropsAt)).toBeGreaterThan(Date.now());
  });

  it('tells how the lane gets on', async () => {
    const key = await admin.application('Webmail');
    const batch = Array.from({ length: 30 }, () => anAttempt());
    await admin.call('POST', '/api/v1/attempts', batch, { authorization: `Bearer ${key}` });
    const { scoring, retention, sweep } = await eventually(async () => {
      const measured = await health();
      return (measured.scoring.pace?.scoredMinute ?? 0) >= 30 && measured.sweep !== null && measured;
    }, 'the holder tells with its next beat');
    expect(scoring).toMatchObject({ waiting: 0, setAside: 0 });
    expect(Date.parse(scoring.pace!.scoredAt!)).toBeGreaterThan(Date.now() - 60_000);
    expect(scoring.pace!.lagMs).toBeLessThan(20_000);
    expect(Date.parse(retention.oldestAt!)).toBeGreaterThan(Date.now() - 86_400_000);
    expect(sweep!.tookMs).toBeGreaterThan(0);
  });

  it('is told over the socket to those who set the installation up or audit it, and to nobody else', async () => {
    for (const [role, expected] of [
      ['auditor', { ok: true }],
      ['analyst', { ok: false, code: 'forbidden' }],
      ['user', { ok: false, code: 'forbidden' }],
    ] as const) {
      const client = await browserOf(gatehouse, { id: await addPerson(gatehouse, role), role }, gatehouse.urls[1]);
      const socket = await openLive(client);
      let told = 0;
      socket.on('health.measured', () => (told += 1));
      expect(await socket.emitWithAck('watch.health', true)).toEqual(expected);
      if (expected.ok) {
        await eventually(async () => told >= 2, 'measured again and again');
        expect(await socket.emitWithAck('watch.health', false)).toEqual({ ok: true });
      } else expect(told).toBe(0);
      socket.disconnect();
    }
  });

  it('names a worker that was killed, says since when, and is well again once another took its place', async () => {
    const socket = await openLive(admin);
    let last: SystemHealth | undefined;
    socket.on('health.measured', (measured) => (last = measured));
    await socket.emitWithAck('watch.health', true);
    const before = await health();
    const killedAt = Date.now();
    const holder = before.scoring.holder!;
    gatehouse.processes.workers[0]!.kill('SIGKILL');
    const told = await eventually(async () => (last?.findings.length ?? 0) > 0 && last, 'the page is told', 30_000);
    expect(told.findings).toMatchObject([{ fault: 'process_missing', subject: holder, urgent: false }]);
    expect(Date.parse(told.findings[0]!.since!)).toBeLessThanOrEqual(killedAt);
    expect(told.scoring.holder).not.toBe(holder);
    await gatehouse.startWorker();
    const after = await eventually(async () => last?.findings.length === 0 && last, 'all is well again');
    expect(after.processes.find(({ id }) => id === holder)?.state).toBe('replaced');
    socket.disconnect();
  }, 60_000);
});
