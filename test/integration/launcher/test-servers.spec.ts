import { Client } from 'pg';
import { emptyDatabase } from '../../support/postgres.js';
import { startRedis } from '../../support/redis.js';
import { waitForPort } from '../../support/ports.js';

describe('servers that the tests run on', () => {
  it('gives each spec a database of its own, in UTF-8 with checksums', async () => {
    const [one, other] = await Promise.all([emptyDatabase(), emptyDatabase()]);
    expect(one.url).not.toBe(other.url);
    const client = new Client({ connectionString: one.url });
    await client.connect();
    const { rows } = await client.query<{ encoding: string; checksums: string }>(
      `SELECT current_setting('server_encoding') AS encoding, current_setting('data_checksums') AS checksums`,
    );
    await client.end();
    await Promise.all([one.drop(), other.drop()]);
    expect(rows).toEqual([{ encoding: 'UTF8', checksums: 'on' }]);
  });

  it('runs a real redis-server and ends it', async () => {
    const redis = await startRedis();
    const port = Number(new URL(redis.url).port);
    await waitForPort(port);
    await redis.stop();
    await expect(waitForPort(port, 200)).rejects.toThrow('Nothing listens');
  });
});
