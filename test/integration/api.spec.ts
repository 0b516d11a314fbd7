import { gzipSync } from 'node:zlib';
import type { CreatedApplication } from '../../server/contracts/applications.js';
import { anAttempt, ApiClient, admin, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

type Recorded = { recorded: number; duplicates: number; rejected: { index: number; code: string }[] };

describe('the API', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let key: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const post = (body: string | Buffer, type = 'application/json', headers: Record<string, string> = {}) =>
    fetch(`${gatehouse.urls[0]}/api/v1/attempts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': type, ...headers },
      body,
    });
  const record = async (body: unknown): Promise<Recorded> =>
    (await (await post(JSON.stringify(body))).json()) as Recorded;

  it('takes one object, an array and NDJSON, also compressed', async () => {
    expect(await record(anAttempt())).toEqual({ recorded: 1, duplicates: 0, rejected: [] });
    expect((await record([anAttempt(), anAttempt()])).recorded).toBe(2);
    const lines = `${JSON.stringify(anAttempt())}\nnot json\n${JSON.stringify(anAttempt())}\n`;
    const plain = await post(lines, 'application/x-ndjson');
    expect(plain.status).toBe(202);
    expect(await plain.json()).toMatchObject({ recorded: 2, rejected: [{ index: 1, code: 'invalid_record' }] });
    const zipped = await post(gzipSync(JSON.stringify(anAttempt())), 'application/json', {
      'content-encoding': 'gzip',
    });
    expect(await zipped.json()).toMatchObject({ recorded: 1 });
  });

  it('knows a record again by its id, or by all of it', async () => {
    const named = anAttempt();
    expect(await record([named, named])).toMatchObject({ recorded: 1, duplicates: 1 });
    const { id: _, ...nameless } = anAttempt();
    expect(await record(nameless)).toMatchObject({ recorded: 1 });
    expect(await record(nameless)).toMatchObject({ recorded: 0, duplicates: 1 });
  });

  it('stores what is new beside what it knows, each once, and counts it by outcome', async () => {
    const subject = 'mixed@example.com';
    const [first, second, third] = [0, 1, 2].map((index) =>
      anAttempt({ subject, outcome: index === 0 ? 'success' : 'failure' }),
    );
    expect(await record([first, second])).toMatchObject({ recorded: 2, duplicates: 0 });
    expect(await record([second, third, first])).toMatchObject({ recorded: 1, duplicates: 2 });
    const query = `subject=${subject}&from=${new Date(Date.now() - 3_600_000).toISOString()}`;
    const { body } = await eventually(async () => {
      const counts = await staff.call<Record<string, number>>('GET', `/api/v1/attempts/counts?${query}`);
      return counts.body['failure'] === 2 ? counts : undefined;
    }, 'all three are scored');
    expect(body).toMatchObject({ success: 1, failure: 2 });
    const { body: listed } = await staff.call<{ items: unknown[] }>('GET', `/api/v1/attempts?${query}`);
    expect(listed.items).toHaveLength(3);
  });

  it('rejects the wrong times and unknown fields by index, and keeps the rest', async () => {
    const answer = await record([
      anAttempt({ occurredAt: new Date(Date.now() + 6 * 60_000).toISOString() }),
      anAttempt(),
      anAttempt({ occurredAt: '2019-01-01T00:00:00Z' }),
      anAttempt({ passwordd: 'x' }),
    ]);
    expect(answer.recorded).toBe(1);
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, 'occurred_in_future'],
      [2, 'older_than_retention'],
      [3, 'invalid_record'],
    ]);
  });

  it('says which limit was passed, and stores nothing then', async () => {
    const tooMany = await post(JSON.stringify(Array.from({ length: 501 }, () => anAttempt())));
    expect(tooMany.status).toBe(413);
    expect(await tooMany.json()).toMatchObject({ code: 'body_too_large' });
    const bomb = await post(gzipSync(Buffer.alloc(6 * 1024 * 1024, ' ')), 'application/json', {
      'content-encoding': 'gzip',
    });
    expect(bomb.status).toBe(413);
    expect((await post('{}', 'text/plain')).status).toBe(415);
    const wrongKey = await fetch(`${gatehouse.urls[0]}/api/v1/attempts`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer gh_live_nonsense' },
    });
    expect(wrongKey.status).toBe(401);
    expect(await wrongKey.json()).toMatchObject({ code: 'invalid_key' });
  });

  it('keeps hostile text as text', async () => {
    const subject = `=cmd|' /C calc'!A0 \u0000 \u202e <img src=x onerror=alert(1)>`;
    expect(await record(anAttempt({ subject, outcome: 'success', userAgent: 'x'.repeat(2_000) }))).toMatchObject({
      recorded: 1,
    });
    const shown = subject.replace('\u0000', '\ufffd');
    const found = await eventually(async () => {
      const { body } = await staff.call<{ items: { subject: string }[] }>(
        'GET',
        `/api/v1/attempts?subject=${encodeURIComponent(shown)}`,
      );
      return body.items[0];
    }, 'the attempt is found by its subject');
    expect(found.subject).toBe(shown);
    const csv = await (
      await fetch(`${gatehouse.urls[0]}/api/v1/attempts/export`, { headers: { cookie: staff.cookie } })
    ).text();
    expect(csv).toContain(`"'=cmd|`);
  });

  it('pages with cursors that nobody can make up', async () => {
    await eventually(async () => {
      const { body } = await staff.call<{ items: unknown[] }>('GET', '/api/v1/attempts?limit=5');
      return body.items.length === 5;
    }, 'five attempts are scored');
    const page = await staff.call<{ items: { id: string }[]; nextCursor: string }>('GET', '/api/v1/attempts?limit=2');
    const next = await staff.call<{ items: { id: string }[] }>(
      'GET',
      `/api/v1/attempts?limit=2&cursor=${page.body.nextCursor}`,
    );
    const ids = [...page.body.items, ...next.body.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect((await staff.call('GET', `/api/v1/attempts?cursor=x${page.body.nextCursor}`)).status).toBe(400);
    expect((await staff.call('GET', '/api/v1/attempts?nonsense=1')).status).toBe(400);
  });

  it('lets nobody in without a session or the right scope, on any route', async () => {
    const { body } = await staff.call<{ paths: Record<string, Record<string, { security: unknown[] }>> }>(
      'GET',
      '/api/openapi.json',
    );
    const closed = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, route]) => route.security.length > 0)
        .map(([method]) => ({ path, method })),
    );
    expect(closed.length).toBeGreaterThan(20);
    for (const { path, method } of closed) {
      const target = path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
      const stranger = await new ApiClient(gatehouse.urls[0]!).call(
        method.toUpperCase(),
        target,
        method === 'get' ? undefined : {},
      );
      expect([path, method, stranger.status]).toEqual([path, method, 401]);
      if (method === 'get') continue;
      const forged = await staff.call(method.toUpperCase(), target, {}, { 'sec-fetch-site': 'cross-site' });
      expect([path, method, [401, 403].includes(forged.status)]).toEqual([path, method, true]);
    }
    expect((await staff.call('POST', '/api/v1/sign-in', admin, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('tells a stranger nothing, and throttles before it hashes', async () => {
    const guess = (email: string) =>
      new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/sign-in', { email, password: 'wrong wrong wrong' });
    const [known, unknown] = [await guess(admin.email), await guess('nobody@example.com')];
    const { id: _a, ...one } = known.body;
    const { id: _b, ...other } = unknown.body;
    expect([known.status, one]).toEqual([unknown.status, other]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess('victim@example.com')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(12);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('stores neither token nor password, and replaces the former session', async () => {
    const client = await ApiClient.signedIn(gatehouse.urls[0]!);
    const before = client.cookie;
    await client.call('POST', '/api/v1/sign-in', admin);
    expect(client.cookie).not.toBe(before);
    const old = new ApiClient(client.url);
    old.cookie = before;
    expect((await old.call('GET', '/api/v1/me')).status).toBe(401);
    const token = client.cookie.split('=')[1] ?? '';
    const rows = await gatehouse.database.query<{ text: string }[]>(
      'SELECT s::text AS text FROM sessions s UNION ALL SELECT p::text FROM people p UNION ALL SELECT k::text FROM application_keys k',
    );
    const dump = rows.map(({ text }) => text).join('\n');
    for (const secret of [token, admin.password, key.split('_')[3] ?? key]) expect(dump).not.toContain(secret);
  });

  it('finds an address however it is written', async () => {
    const ip = '198.51.100.77';
    await record(anAttempt({ ip: `::ffff:${ip}` }));
    const found = async (path: string) =>
      (await staff.call<{ items: { ip: string }[] }>('GET', path)).body.items.map((each) => each.ip);
    await eventually(async () => (await found(`/api/v1/attempts?ip=${ip}`)).length === 1, 'it is scored');
    expect(await found(`/api/v1/attempts?ip=::ffff:${ip}`)).toEqual([ip]);
    expect((await found('/api/v1/sessions?ip=::ffff:127.0.0.1')).length).toBeGreaterThan(0);
  });

  it('rotates a key once, and notes what went with a removed application', async () => {
    const { body: created } = await staff.call<CreatedApplication>('POST', '/api/v1/applications', { name: 'Wiki' });
    const { application, key: old } = created;
    const rotate = (id: string) =>
      staff.call<{ id: string; code?: string }>('POST', `/api/v1/applications/${application.id}/keys/${id}/rotate`, {});
    const answers = await Promise.all([rotate(old.id), rotate(old.id), rotate(old.id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('illegal_transition');
    expect((await rotate(answers.find(({ status }) => status === 201)!.body.id)).status).toBe(201);

    await new ApiClient(gatehouse.urls[0]!).call('POST', '/api/v1/attempts', [anAttempt(), anAttempt()], {
      authorization: `Bearer ${old.key}`,
    });
    const count = 'SELECT count(*)::int AS count FROM attempts WHERE application_id = $1';
    const kept = async (): Promise<number> =>
      (await gatehouse.database.query<{ count: number }[]>(count, [application.id]))[0]!.count;
    await eventually(async () => (await kept()) === 2, 'both are scored');
    expect((await staff.call('DELETE', `/api/v1/applications/${application.id}`)).status).toBe(204);
    const [entry] = await gatehouse.database.query<{ detail: unknown }[]>(
      "SELECT detail FROM audit_entries WHERE action = 'application.removed'",
    );
    expect(entry?.detail).toMatchObject({
      name: 'Wiki',
      before: { kind: 'connected', keys: 3, attempts: 2, alerts: 0 },
    });
    expect(await kept()).toBe(0);
  });
});
