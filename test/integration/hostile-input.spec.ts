import { connect } from 'node:net';
import { anAttempt, ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { openLive } from '../support/live.js';

type Errors = { code: string; errors?: { path: string; message: string }[] };

/** Sends bytes as they are. @returns the answer up to the end of its body */
async function sendRaw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(request);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('what an outsider tried', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  beforeAll(async () => {
    gatehouse = await startGatehouse();
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  it('refuses NUL wherever a text is taken', async () => {
    const stranger = new ApiClient(staff.url);
    const requests: [ApiClient, string, string, unknown?][] = [
      [stranger, 'POST', '/api/v1/sign-in', { email: 'a\0@example.com', password: 'x' }],
      [stranger, 'POST', '/api/v1/password/forgot', { email: 'a\0@example.com' }],
      [staff, 'GET', '/api/v1/attempts?subject=%00'],
      [staff, 'GET', '/api/v1/attempts?reason=a%00b'],
      [staff, 'GET', '/api/v1/people?search=%00'],
      [staff, 'GET', '/api/v1/audit?action=%00'],
      [staff, 'GET', '/api/v1/alerts?ip=%00'],
      [staff, 'POST', '/api/v1/applications', { name: 'a\0b' }],
    ];
    for (const [client, method, path, body] of requests) {
      const answer = await client.call<Errors>(method, path, body);
      expect({ path, status: answer.status, code: answer.body.code }).toEqual({
        path,
        status: 400,
        code: 'invalid_request',
      });
    }
  });

  it('finds nothing at ids that can be none, and serves a page at any address that somebody goes to', async () => {
    for (const path of ['people/zzz', 'alerts/%00', 'attempts/1', 'receipts/..%2f'])
      expect(await staff.call('GET', `/api/v1/${path}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    // Written by hand, as fetch says of itself that it does not navigate.
    const visit = 'Host: x\r\nSec-Fetch-Mode: navigate\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(staff.url, `GET /ip/1.2.3.4 HTTP/1.1\r\n${visit}`)).toMatch(/^HTTP\/1\.1 200 [^]*<html/);
    expect((await staff.call('GET', '/no.js')).status).toBe(404);
  });

  it('answers what is no request in the same form as everything else', async () => {
    const requests: [string, number, string][] = [
      ['GET /% HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'invalid_request'],
      [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
      ['NONSENSE\r\n\r\n', 400, 'invalid_request'],
    ];
    for (const [request, status, code] of requests) {
      const answer = await sendRaw(staff.url, request);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(head).toMatch(/content-type: application\/problem\+json/i);
      expect(head).toMatch(/x-content-type-options: nosniff/i);
      expect(JSON.parse(body)).toMatchObject({ status, code });
      expect(body).not.toContain('stack');
    }
  });

  it('says in plain words what is wrong', async () => {
    const { body } = await staff.call<Errors>('POST', '/api/v1/applications', { name: '', colour: 'red' });
    const messages = body.errors?.map(({ path, message }) => `${path} ${message}`.trim());
    expect(messages).toEqual(['name must not be empty', 'has a field that is not known: colour']);
    const key = await staff.application('Words');
    const answer = await fetch(`${staff.url}/api/v1/attempts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
      body: `\ufeff${JSON.stringify(anAttempt())}\n{"subject":\n{"subject":"sam","outcome":"won","ip":"1.2.3.4"}\n`,
    });
    expect(await answer.json()).toEqual({
      recorded: 1,
      duplicates: 0,
      rejected: [
        { index: 1, code: 'invalid_record', message: 'this line is not JSON' },
        { index: 2, code: 'invalid_record', message: 'occurredAt is missing' },
      ],
    });
  });

  it('never takes the set-up link again, even when no administrator is left', async () => {
    const { database } = gatehouse;
    await database.query(`UPDATE people SET role = 'user' WHERE role = 'admin'`);
    try {
      const stranger = new ApiClient(staff.url);
      expect((await stranger.call('GET', '/api/v1/set-up')).body).toMatchObject({ needed: false });
      const body = {
        token: 'of an old terminal',
        name: 'Eve',
        email: 'eve@example.com',
        password: 'four kites over five towers',
      };
      const answer = await stranger.call<Errors>('POST', '/api/v1/set-up', {
        ...body,
        organisation: 'Hijack',
        timeZone: 'UTC',
      });
      expect([answer.status, answer.body.code]).toEqual([409, 'already_set_up']);
    } finally {
      await database.query(`UPDATE people SET role = 'admin' WHERE email = 'ana@example.com'`);
    }
  });

  it('answers others while one socket asks ten thousand times', async () => {
    const socket = await openLive(staff);
    const codes = new Map<string, number>();
    let answered = 0;
    for (let index = 0; index < 10_000; index += 1)
      socket.emit('watch.attempts', true, (answer) => {
        answered += 1;
        const code = answer.ok ? 'ok' : answer.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      });
    expect((await staff.call('GET', '/api/v1/me')).status).toBe(200);
    while (answered < 10_000) await new Promise((resolve) => setTimeout(resolve, 20));
    // Each that is carried out asks the database; without a limit per socket that kept everybody waiting for eight seconds.
    expect(codes.get('too_many_tries')).toBeGreaterThan(5_000);
    socket.close();
  });

  it('notes from where an application and its key were made', async () => {
    await staff.application('Traced');
    const { body } = await staff.call<{ items: { action: string; ip: string | null }[] }>(
      'GET',
      '/api/v1/audit?limit=2',
    );
    expect(body.items.map(({ action }) => action)).toEqual(['key.created', 'application.created']);
    expect(body.items.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('describes the body of the Record API', async () => {
    const { paths } = (await (await fetch(`${staff.url}/api/openapi.json`)).json()) as {
      paths: Record<string, { post: { requestBody: { content: Record<string, unknown> } } }>;
    };
    const { content } = paths['/api/v1/attempts']!.post.requestBody;
    expect(Object.keys(content)).toEqual(['application/json', 'application/x-ndjson']);
    expect(JSON.stringify(content['application/x-ndjson'])).toContain('occurredAt');
  });
});
