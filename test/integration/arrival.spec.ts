import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admin, anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { runCli } from '../support/gatehouse-process.js';
import { seededRandom } from '../support/seeded-random.mjs';

const MINUTE = 60_000;
/** What senders may overtake each other by; see `latenessMs` of the policy. */
const LATENESS_MS = 10 * MINUTE;

type Attempt = Record<string, unknown> & { id: string; occurredAt: string };

/** Ten people at home for days, then somebody tries all of them, gets in at one and goes on. Times are all different. */
function scenario(now: number): { before: Attempt[]; attack: Attempt[] } {
  const people = Array.from({ length: 10 }, (_, i) => `user${i}@example.com`);
  const at = (ms: number): string => new Date(ms).toISOString();
  const home = (i: number) => ({
    subject: people[i],
    ip: `198.51.100.${i + 1}`,
    outcome: 'success',
    reason: undefined,
  });
  const make = (over: Record<string, unknown>): Attempt => anAttempt(over) as Attempt;
  const before = Array.from({ length: 50 }, (_, i) =>
    make({ ...home(i % 10), id: `home-${i}`, occurredAt: at(now - (300 - i) * MINUTE) }),
  );
  const attack = Array.from({ length: 60 }, (_, i) => {
    const occurredAt = at(now - 30 * MINUTE + i * 8_000);
    const id = `try-${i}`;
    if (i % 7 === 3) return make({ ...home(i % 10), id, occurredAt });
    const outcome = i === 40 ? 'success' : 'failure';
    return make({ id, occurredAt, subject: people[i % 10], outcome, reason: i === 40 ? undefined : 'wrong_password' });
  });
  return { before, attack };
}

/** As a network would: each up to the allowed lateness after later ones. */
function shuffled(attempts: readonly Attempt[]): Attempt[] {
  const random = seededRandom(5);
  const arrivals = attempts.map((attempt) => ({
    attempt,
    at: Date.parse(attempt.occurredAt) + random.between(0, LATENESS_MS - 1),
  }));
  return arrivals.sort((a, b) => a.at - b.at).map(({ attempt }) => attempt);
}

describe('however attempts arrive', () => {
  const { before, attack } = scenario(Date.now());
  let expected: Awaited<ReturnType<typeof outcomeOf>>;

  it('is one batch here, and the profiles can be made anew from what is stored', async () => {
    const gatehouse = await startGatehouse({ workers: 1 });
    try {
      const send = await sender(gatehouse);
      await send(before);
      await send(attack);
      expected = await outcomeOf(gatehouse);
      expect(expected.scores).toHaveLength(before.length + attack.length);
      expect(expected.alerts.length).toBeGreaterThan(0);
      await rebuilds(gatehouse);
    } finally {
      await gatehouse.stop();
    }
  });

  it('gives the same scores and alerts one by one and shuffled, with duplicates and with two workers', async () => {
    const gatehouse = await startGatehouse({ workers: 2 });
    try {
      const send = await sender(gatehouse);
      for (const attempt of before) await send([attempt]);
      // What came before is scored: only within a batch can a late attempt be put in its place.
      await settled(gatehouse.database);
      await send([...shuffled(attack), ...attack.slice(0, 20)]);
      await Promise.all(attack.slice(10, 30).map((attempt) => send([attempt])));
      expect(await outcomeOf(gatehouse)).toEqual(expected);
    } finally {
      await gatehouse.stop();
    }
  });

  it('and single requests in their order', async () => {
    const gatehouse = await startGatehouse({ workers: 2 });
    try {
      const send = await sender(gatehouse);
      for (const attempt of [...before, ...attack]) await send([attempt]);
      expect(await outcomeOf(gatehouse)).toEqual(expected);
    } finally {
      await gatehouse.stop();
    }
  });
});

async function sender(gatehouse: Gatehouse): Promise<(attempts: readonly Attempt[]) => Promise<void>> {
  const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
  const headers = { authorization: `Bearer ${await staff.application('Webmail')}` };
  const client = new ApiClient(gatehouse.urls[0]!);
  return async (attempts) => {
    const { status, body } = await client.call('POST', '/api/v1/attempts', attempts, headers);
    expect({ status, body }).toMatchObject({ status: 202, body: { rejected: [] } });
  };
}

async function settled(database: Gatehouse['database']): Promise<void> {
  const empty = async (): Promise<boolean> =>
    (await database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM attempt_inbox'))[0]!.n === 0;
  await eventually(empty, 'all is scored', 30_000);
}

/** Ids differ from one installation to the next. */
const withoutIds = (column: string): string =>
  `regexp_replace(${column}::text, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}', 'id', 'g')`;

/** Scores with their reasons, and alerts with what they count. */
async function outcomeOf(gatehouse: Gatehouse) {
  await settled(gatehouse.database);
  const scores = await gatehouse.database.query<Record<string, unknown>[]>(
    `SELECT occurred_at, subject, score, ${withoutIds('signals')} AS signals FROM attempts
     WHERE person_id IS NULL ORDER BY occurred_at, subject`,
  );
  const alerts = await gatehouse.database.query<Record<string, unknown>[]>(
    `SELECT kind, subject, severity, score, ${withoutIds('evidence')} AS evidence FROM alerts ORDER BY kind, subject`,
  );
  return { scores, alerts };
}

/** The administrator's profile comes out of the command as it was, and again where it was lost. */
async function rebuilds({ urls, database }: Gatehouse): Promise<void> {
  for (let i = 0; i < 3; i++) await ApiClient.signedIn(urls[0]!);
  await settled(database);
  const stored = () =>
    database.query<{ subject_key: string; state: unknown }[]>(
      'SELECT subject_key, state FROM profiles p JOIN people m ON m.id::text = subject_key',
    );
  const before = await stored();
  expect(before).toHaveLength(1);
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-profiles-'));
  const rebuild = async (): Promise<unknown> => {
    const { url } = database.options as { url: string };
    const { code, stdout, stderr } = await runCli(['profiles', 'rebuild', '--json'], {
      DATABASE_URL: url,
      GATEHOUSE_DATA_DIR: dataDir,
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return JSON.parse(stdout);
  };
  try {
    expect(await rebuild()).toEqual({ people: 1, same: 1, changed: 0, removed: 0 });
    await database.query('DELETE FROM profiles WHERE subject_key = $1', [before[0]?.subject_key]);
    expect(await rebuild()).toEqual({ people: 1, same: 0, changed: 1, removed: 0 });
    expect(await stored()).toEqual(before);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  // The worker lost the lane to the command, and takes it again.
  await new ApiClient(urls[0]!).call('POST', '/api/v1/sign-in', { ...admin, password: 'a wrong one' });
  await settled(database);
}
