import { setTimeout as wait } from 'node:timers/promises';
import { putBackIntoInbox } from '../../server/attempts/inbox.js';
import { ownApplicationId } from '../../server/applications/own-application.js';
import { type Lease, takeLane } from '../../server/attempts/scoring-lane.js';
import { teachByAnswer } from '../../server/detection/keep-lessons.js';
import { withConnection } from '../../server/platform/database/data-source.js';
import { emptyBatch } from '../../workers/score-attempts/prepare.js';
import { LaneLost, writeBatch } from '../../workers/score-attempts/write.js';
import { admin, anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

/** The promise: a standby scores this long after the holder's death, in milliseconds. */
const TAKEOVER_MS = 5_000;
/** What a machine busy with other tests may add. */
const SLACK_MS = 2_000;

describe('the scoring lane', () => {
  let gatehouse: Gatehouse;
  let key: string;

  beforeAll(async () => {
    // One after the other, so that it is known who holds the lane: the first.
    gatehouse = await startGatehouse({ workers: 1 });
    await eventually(async () => (await lane()).holder !== null, 'the first worker scores');
    await gatehouse.startWorker();
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
  });
  afterAll(() => gatehouse.stop());

  const one = async <T>(sql: string): Promise<T> => (await gatehouse.database.query<T[]>(sql))[0]!;
  const lane = () => one<{ holder: string | null; epoch: string }>('SELECT holder, epoch FROM scoring_lane');
  /** Stored rows, and what the hourly counts and the inbox say of them. */
  const state = () =>
    one<{ rows: number; counted: number; waiting: number }>(
      `SELECT (SELECT count(*)::int FROM attempts) AS rows, (SELECT sum(attempts)::int FROM attempt_hours) AS counted,
         (SELECT count(*)::int FROM attempt_inbox) AS waiting`,
    );
  const record = async (count: number): Promise<void> => {
    const batch = Array.from({ length: count }, (_, index) => anAttempt({ subject: `p${index}@example.com` }));
    const headers = { authorization: `Bearer ${key}` };
    const answer = await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', batch, headers);
    expect(answer).toMatchObject({ status: 202, body: { recorded: count } });
  };

  /** Records batch after batch while something is done to the workers. @returns how many attempts were accepted */
  async function recordingWhile(work: () => Promise<void>): Promise<number> {
    let accepted = 0;
    let over = false;
    const done = work().finally(() => (over = true));
    const isOver = (): boolean => over;
    while (!isOver()) {
      await record(20);
      accepted += 20;
      await wait(10);
    }
    await done;
    return accepted;
  }

  const takenOverFrom = async (before: { epoch: string }): Promise<number> => {
    const since = Date.now();
    await eventually(async () => (await lane()).epoch !== before.epoch, 'the standby takes the lane', 30_000);
    return Date.now() - since;
  };
  const settled = async (): Promise<number> => {
    await eventually(async () => (await state()).waiting === 0, 'all is scored', 30_000);
    return (await state()).rows;
  };
  const scoredOnce = async (expected: number): Promise<void> => {
    await settled();
    expect(await state()).toEqual({ rows: expected, counted: expected, waiting: 0 });
  };

  it('passes to the standby within five seconds of kill -9, with everything scored once', async () => {
    const rows = await settled();
    const before = await lane();
    let took = 0;
    const accepted = await recordingWhile(async () => {
      gatehouse.processes.workers[0]!.kill('SIGKILL');
      took = await takenOverFrom(before);
    });
    expect(took).toBeLessThan(TAKEOVER_MS + SLACK_MS);
    await scoredOnce(rows + accepted);
  });

  it('passes on also from a holder that stands still, and keeps out what that writes when it wakes', async () => {
    const [, holder] = gatehouse.processes.workers;
    await gatehouse.startWorker();
    const rows = await settled();
    const before = await lane();
    let took = 0;
    const accepted = await recordingWhile(async () => {
      holder!.kill('SIGSTOP');
      took = await takenOverFrom(before);
      holder!.kill('SIGCONT');
      await wait(1_500);
    });
    expect(took).toBeLessThan(TAKEOVER_MS + SLACK_MS);
    await scoredOnce(rows + accepted);
    expect(holder!.exitCode).toBeNull();
    expect((await lane()).epoch).toBe(String(Number(before.epoch) + 1));
  });

  it('learns once what was said about sign-ins, whoever is killed with it', async () => {
    const batch = Array.from({ length: 40 }, () => anAttempt({ subject: admin.email, outcome: 'success' }));
    const headers = { authorization: `Bearer ${key}` };
    await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', batch, headers);
    await settled();
    const signIns = await gatehouse.database.query<{ attemptId: string; personId: string }[]>(
      `SELECT id AS "attemptId", person_id AS "personId" FROM attempts WHERE person_id IS NOT NULL AND outcome = 'success'`,
    );
    const before = await lane();
    for (const [index, signIn] of signIns.entries()) {
      await gatehouse.database.transaction((tx) => teachByAnswer(tx, { ...signIn, genuine: index % 4 === 0 }));
      if (index === 20) gatehouse.processes.workers.at(-1)!.kill('SIGKILL');
      await wait(50);
    }
    await takenOverFrom(before);
    const waiting = () => one<{ n: number }>('SELECT count(*)::int AS n FROM lessons WHERE learnt_at IS NULL');
    await eventually(async () => (await waiting()).n === 0, 'all is learnt');
    const { state: profile } = await one<{ state: string }>(
      `SELECT state FROM profiles WHERE subject_key = '${signIns[0]!.personId}'`,
    );
    expect((JSON.parse(profile) as { n: number }).n).toBe(Math.ceil(signIns.length / 4));
  });

  it('refuses the transaction of a former holder as a whole', async () => {
    for (const worker of gatehouse.processes.workers) worker.kill('SIGTERM');
    await eventually(async () => (await lane()).holder === null, 'the lane is given back');
    await withConnection(gatehouse.database, (client) => putBackIntoInbox(client, [], 0));
    const { sequence } = await one<{ sequence: string }>('SELECT sequence FROM attempt_inbox');

    const former = await take('former');
    expect(await takeLane(gatehouse.database, 'impatient')).toBeUndefined();
    await gatehouse.database.query(`UPDATE scoring_lane SET renewed_at = now() - interval '1 minute'`);
    const present = await take('present');
    expect(present.afterCrash).toBe(true);

    const own = await ownApplicationId(gatehouse.database);
    const batch = emptyBatch([sequence]);
    const write = (lease: Lease) =>
      withConnection(gatehouse.database, (client) =>
        writeBatch(client, lease, batch, { ownApplicationId: own, tell: () => Promise.resolve() }),
      );
    await expect(write(former)).rejects.toThrow(LaneLost);
    expect((await state()).waiting).toBe(1);
    await write(present);
    expect((await state()).waiting).toBe(0);
    await expect(write(present)).rejects.toThrow(LaneLost);
  });

  async function take(holder: string): Promise<Lease> {
    const lease = await takeLane(gatehouse.database, holder);
    if (!lease) throw new Error('The lane is not free.');
    return lease;
  }
});
