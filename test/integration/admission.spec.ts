import { packAttempts } from '../../server/attempts/domain/packed-attempts.js';
import { acceptedAttempt } from '../support/accepted-attempt.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

/** Above what may wait (server/attempts/admit-attempts.ts). */
const TOO_MANY = 200_001;

describe('more attempts than scoring can follow', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let key: string;
  let applicationId: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 0 });
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
    const [row] = await gatehouse.database.query<{ id: string }[]>(
      `SELECT id FROM applications WHERE name = 'Webmail'`,
    );
    applicationId = row!.id;
  });
  afterAll(() => gatehouse.stop());

  const record = (records: unknown[]) =>
    new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', records, { authorization: `Bearer ${key}` });
  const count = async (table: string): Promise<number> => {
    const [row] = await gatehouse.database.query<{ count: string }[]>(`SELECT count(*) FROM ${table}`);
    return Number(row?.count);
  };

  it('refuses with 429 and a time to come back, stores nothing of it, and takes it later', async () => {
    const accepted = await record([anAttempt(), anAttempt()]);
    expect(accepted).toMatchObject({ status: 202, body: { recorded: 2 } });
    await fillInbox();
    await eventually(async () => (await record([anAttempt()])).status === 429, 'recording is refused');

    const before = await count('attempt_keys');
    const batch = Array.from({ length: 50 }, () => anAttempt());
    const refused = await record(batch);
    expect(refused).toMatchObject({ status: 429, body: { code: 'backlog_full' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await count('attempt_keys')).toBe(before);

    await gatehouse.startWorker();
    await eventually(async () => (await record(batch)).status === 202, 'the same batch is taken');
    expect((await record(batch)).body).toMatchObject({ recorded: 0, duplicates: 50 });
    await eventually(async () => (await count('attempt_inbox')) === 0, 'all is scored');
    expect(await count('attempts')).toBe(await count('attempt_keys'));
  });

  /** One row that says it holds more than may wait; it holds one attempt, which is claimed like any other. */
  async function fillInbox(): Promise<void> {
    await gatehouse.database.query('INSERT INTO attempt_inbox (attempts, payload) VALUES ($1, $2)', [
      TOO_MANY,
      packAttempts([acceptedAttempt(applicationId)]),
    ]);
    await gatehouse.database.query('INSERT INTO attempt_keys (key, received_on) VALUES (gen_random_uuid(), now())');
  }
});
