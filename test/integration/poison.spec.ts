import { randomUUID } from 'node:crypto';
import type { AlertView } from '../../server/contracts/alerts.js';
import { packAttempts, unpackAttempts } from '../../server/attempts/domain/packed-attempts.js';
import { putIntoInbox } from '../../server/attempts/inbox.js';
import { withConnection } from '../../server/platform/database/data-source.js';
import { acceptedAttempt } from '../support/accepted-attempt.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

describe('an attempt that can not be stored', () => {
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
  const scored = async (): Promise<number> => {
    const [row] = await gatehouse.database.query<{ count: string }[]>(
      'SELECT count(*) FROM attempts WHERE application_id = $1',
      [applicationId],
    );
    return Number(row?.count);
  };
  const quarantined = () =>
    gatehouse.database.query<{ payload: string; error: string }[]>(
      'SELECT payload, error FROM quarantined_attempts ORDER BY id',
    );

  const accepted = (number: number) => acceptedAttempt(applicationId, { subject: `person-${number}@example.com` });
  /** Past the API, which would not let it in. */
  const waits = (payload: string, attempts: number) => {
    const keys = Array.from({ length: attempts }, () => randomUUID());
    return withConnection(gatehouse.database, (client) => putIntoInbox(client, keys, payload));
  };

  it('is found by splitting what it came with, set aside with an alert, and stops nobody else', async () => {
    // The API lets no NUL through; PostgreSQL refuses it in JSON, and with it the whole scoring transaction.
    const poison = { ...accepted(20), attributes: { note: 'a\u0000b' } };
    const row = [...Array.from({ length: 40 }, (_, index) => accepted(index)), poison];
    await waits(packAttempts(row), row.length);
    expect(await record(Array.from({ length: 30 }, () => anAttempt()))).toMatchObject({ status: 202 });

    await gatehouse.startWorker();
    await eventually(async () => (await scored()) === 70, 'the other seventy are scored', 60_000);
    const aside = await eventually(async () => {
      const rows = await quarantined();
      return rows.length > 0 && rows;
    }, 'the one is set aside');
    expect(aside).toHaveLength(1);
    expect(aside[0]!.error).toMatch(/^The worker ended \d times while scoring this\.$/);
    expect(unpackAttempts(aside[0]!.payload)).toEqual([poison]);

    const { body } = await staff.call<{ items: AlertView[] }>('GET', '/api/v1/alerts?kind=quarantined-attempt');
    expect(body.items).toMatchObject([{ kind: 'quarantined-attempt', severity: 'high', status: 'new' }]);
    const [hours] = await gatehouse.database.query<{ sum: string }[]>(
      'SELECT sum(attempts) FROM attempt_hours WHERE application_id = $1',
      [applicationId],
    );
    expect(Number(hours?.sum)).toBe(70);
  });

  it('leaves scoring as quick as before', async () => {
    expect(await record([anAttempt({ subject: 'after@example.com' })])).toMatchObject({ status: 202 });
    await eventually(async () => (await scored()) === 71, 'the next is scored', 2_000);
  });

  it('is set aside as a whole when it can not even be read', async () => {
    const garbage = '{"texts": [';
    await waits(garbage, 1);
    expect(await record([anAttempt()])).toMatchObject({ status: 202 });
    await eventually(async () => (await scored()) === 72, 'the next is scored', 5_000);
    expect((await quarantined()).map(({ payload }) => payload)).toEqual([expect.anything(), garbage]);
  });
});
