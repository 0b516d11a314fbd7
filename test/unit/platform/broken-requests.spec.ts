import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerBrokenRequest } from '../../../server/platform/http/broken-requests.js';

describe('a request that does not arrive in time', () => {
  it('is told so in the form of every other refusal, and its connection is closed', async () => {
    // Node's own clock, only faster than the server's 30 seconds.
    const server = createServer({ requestTimeout: 100, headersTimeout: 100, connectionsCheckingInterval: 50 });
    server.on('clientError', answerBrokenRequest('http://127.0.0.1'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const slow = connect((server.address() as AddressInfo).port, '127.0.0.1');
    slow.write('POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n');
    const answer = await text(slow);
    server.close();
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('connection: close');
    expect(answer).toContain('content-type: application/problem+json');
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(body)).toMatchObject({ status: 408, code: 'request_too_slow' });
  });
});
