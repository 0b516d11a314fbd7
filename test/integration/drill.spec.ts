import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AlertView } from '../../server/contracts/alerts.js';
import { drillAttackNames, type DrillResult, type DrillView } from '../../server/contracts/drills.js';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { openLive } from '../support/live.js';

const cli = fileURLToPath(new URL('../../dist/programs/gatehouse/main.js', import.meta.url));
const nothing = { applications: 0, attempts: 0, alerts: 0, incidents: 0, profiles: 0, people: 0 };

describe('an attack drill', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let first: DrillResult;

  beforeAll(async () => {
    // A worker of its own stands by, so that one can be killed.
    gatehouse = await startGatehouse({ workers: 1 });
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
  }, 90_000);
  afterAll(() => gatehouse.stop());

  const ask = async () => (await staff.call<DrillView>('POST', '/api/v1/drills')).body;
  const read = async (id: string) => (await staff.call<DrillView>('GET', `/api/v1/drills/${id}`)).body;
  const ended = (id: string) =>
    eventually(
      async () => {
        const drill = await read(id);
        return drill.finishedAt !== null && drill;
      },
      'the drill ends',
      90_000,
    );
  const inStage = (id: string, stage: DrillView['stage']) =>
    eventually(async () => (await read(id)).stage === stage, `the drill is at ${stage}`, 60_000);
  const count = async (sql: string): Promise<number> =>
    (await gatehouse.database.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;
  /** What is known of everybody together. */
  const learnt = async () =>
    (await gatehouse.database.query<{ all: string }[]>('SELECT h::text AS all FROM population_habits h'))[0]?.all;
  const outline = ({ outcomes, falseAlerts }: DrillResult) => ({
    falseAlerts,
    outcomes: outcomes.map(({ attack, caught, got, attempts, attemptsUntil }) => ({
      ...{ attack, caught, attempts, attemptsUntil },
      got: [...got].sort(),
    })),
  });

  it('has every attack caught, on a screen within seconds, and leaves nothing and nobody told', async () => {
    const shown: AlertView[] = [];
    const socket = await openLive(staff);
    socket.on('alert.raised', (alert) => shown.push(alert));
    const habits = await eventually(learnt, 'the sign-in of the test is scored');
    const { id } = await ask();
    expect((await staff.call('POST', '/api/v1/drills')).body).toMatchObject({ code: 'drill_running' });
    const drill = await ended(id);
    socket.disconnect();
    expect(drill).toMatchObject({ state: 'done', failure: null, author: 'Ana' });
    first = drill.result!;
    expect(first.outcomes.filter(({ caught }) => !caught)).toEqual([]);
    expect(first.outcomes.map(({ attack }) => attack)).toEqual(drillAttackNames);
    expect(first.falseAlerts).toBe(0);
    for (const { storedMs, screenMs } of first.outcomes) {
      expect(storedMs).toBeLessThan(5_000);
      expect(screenMs).toBeGreaterThan(0);
      expect(screenMs).toBeLessThan(5_000);
    }
    expect(first.rows.seen).toBeGreaterThan(100);
    expect(first.left).toEqual(nothing);
    // What the screen of an administrator showed meanwhile was marked.
    expect(shown.length).toBeGreaterThanOrEqual(drillAttackNames.length);
    expect(shown.every(({ drill: marked, simulated, person }) => marked && simulated && person === null)).toBe(true);
    expect(await count('notifications')).toBe(0);
    expect(await count('warnings')).toBe(0);
    expect(await learnt()).toBe(habits);
    expect(await count(`attempt_tallies WHERE application_id NOT IN (SELECT id FROM applications)`)).toBe(0);
  }, 120_000);

  it('gives the same result again, from the command line', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'drill', '--json'], {
      env: { ...process.env, ...gatehouse.env },
    });
    const second = JSON.parse(stdout) as DrillResult;
    expect(outline(second)).toEqual(outline(first));
    expect(second.left).toEqual(nothing);
    expect((await staff.call<{ items: DrillView[] }>('GET', '/api/v1/drills')).body.items).toHaveLength(2);
  }, 120_000);

  it('is cancelled at once, and cleans up', async () => {
    const { id } = await ask();
    await inStage(id, 'attacks');
    await staff.call('POST', `/api/v1/drills/${id}/cancel`);
    expect((await ended(id)).state).toBe('cancelled');
    expect(await count(`applications WHERE kind = 'drill'`)).toBe(0);
    expect(await count('alerts')).toBe(0);
    expect((await staff.call('POST', `/api/v1/drills/${id}/cancel`)).status).toBe(409);
  }, 60_000);

  it('whose worker is killed is over, and swept away by another', async () => {
    const { id } = await ask();
    await inStage(id, 'attacks');
    gatehouse.processes.workers[0]!.kill('SIGKILL');
    expect(await count(`applications WHERE kind = 'drill'`)).toBe(1);
    await gatehouse.database.query(`UPDATE drills SET seen_at = now() - interval '2 minutes' WHERE id = $1`, [id]);
    await gatehouse.startWorker();
    const drill = await ended(id);
    expect(drill).toMatchObject({
      state: 'failed',
      failure: 'The worker ended while it ran. What it left was removed.',
    });
    await eventually(async () => (await count(`applications WHERE kind = 'drill'`)) === 0, 'its traces go', 60_000);
    expect(await count(`applications WHERE kind = 'drill'`)).toBe(0);
    expect(await count('alerts')).toBe(0);
    expect(outline((await ended((await ask()).id)).result!)).toEqual(outline(first));
  }, 240_000);
});
