import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Webhook } from 'standardwebhooks';
import { webhookChange, webhookMessage } from '../../../server/contracts/webhooks.js';
import { OutgoingRefused, sendOutside } from '../../../server/platform/outgoing.js';
import { judgeReceipt } from '../../../server/webhooks/domain/judge-receipt.js';
import { digestMessage, type HeldEvent } from '../../../server/webhooks/domain/write-event.js';
import { newSigningSecret, signedHeaders } from '../../../server/webhooks/sign-message.js';

const published = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const created =
  '{"type":"alert.created","timestamp":"2026-01-12T09:01:00.000Z","data":{"id":"al_01J","severity":"high","rule":"impossible_travel","subject":{"id":"u1","name":"alice"},"url":"https://console.example.test/alerts/al_01J"}}';

describe('a signed message', () => {
  it.each([
    {
      secrets: [published],
      message: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' },
      signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    {
      secrets: [published],
      message: { id: 'evt_01J', timestamp: 1768208400, body: created },
      signature: 'v1,aTMpW3PbULWOgzvSIJYcuBrPd0mrJjwW1h7tU7NGLgI=',
    },
    {
      secrets: [other, published],
      message: { id: 'evt_01J', timestamp: 1768208400, body: created },
      signature: 'v1,EvCbhPTl9zoCug5bYnY4uWoXZAys/RxK6yj09JDynL8= v1,aTMpW3PbULWOgzvSIJYcuBrPd0mrJjwW1h7tU7NGLgI=',
    },
  ])('has the signature of the published vectors ($message.id, $secrets.length)', ({ secrets, message, signature }) => {
    expect(signedHeaders(secrets, message)).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': String(message.timestamp),
      'webhook-signature': signature,
    });
  });

  it('is verified by the library of the standard, with either secret while both sign, and not once it was changed', () => {
    const [now, before] = [newSigningSecret(), newSigningSecret()];
    const body = '{"type":"test","ä":"\\u2028"}';
    const headers = signedHeaders([now, before], { id: 'a', timestamp: Math.floor(Date.now() / 1_000), body });
    expect(new Webhook(now).verify(body, headers)).toMatchObject({ type: 'test' });
    expect(new Webhook(before).verify(body, headers)).toMatchObject({ type: 'test' });
    expect(() => new Webhook(newSigningSecret()).verify(body, headers)).toThrow();
    expect(() => new Webhook(now).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(now).verify(body, { ...headers, 'webhook-id': 'b' })).toThrow();
  });
});

describe('what a receiver answers', () => {
  it.each([
    [200, 'sent'],
    [204, 'sent'],
    [302, 'later'],
    [400, 'later'],
    [410, 'gone'],
    [429, 'later'],
    [503, 'later'],
  ])('%i is %s', (status, outcome) => {
    expect(judgeReceipt({ status, text: '' }).outcome).toBe(outcome);
  });

  it('is kept without what steers a terminal', () => {
    expect(judgeReceipt({ status: 500, text: 'a\u001b[31m\r\nb' })).toEqual({
      outcome: 'later',
      error: '500 a [31m b',
    });
  });
});

describe('a target', () => {
  const events = ['alert.raised' as const];
  const change = (url: string) => webhookChange.safeParse({ url, events, severity: 'high', perWindow: 20 }).success;

  it('is an address without a name or password in it', () => {
    expect(change('https://hooks.example.com/a?b=c')).toBe(true);
    for (const url of ['https://user@hooks.example.com', 'https://a:b@hooks.example.com/', 'ftp://a.example', 'hooks'])
      expect(change(url)).toBe(false);
  });

  it.each([
    'https://127.0.0.1/',
    'https://localhost/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::7f00:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://169.254.169.254/',
    'https://192.168.0.1/',
    'https://[fd00::1]/',
  ])('inside is not connected to: %s', async (url) => {
    const server = createServer().listen(0, '::');
    await once(server, 'listening');
    let connects = 0;
    server.on('connection', () => (connects += 1));
    const target = new URL(url);
    target.port = String((server.address() as AddressInfo).port);
    const request = { url: target.href, method: 'POST', headers: {}, body: '{}' };
    await expect(sendOutside(request, { privateAllowed: false })).rejects.toBeInstanceOf(OutgoingRefused);
    expect(connects).toBe(0);
    server.close();
  });

  it('is looked up once, for the very connection: a name that is another the second time leads nowhere inside', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    let connects = 0;
    server.on('connection', () => (connects += 1));
    const { port } = server.address() as AddressInfo;
    const request = { url: `https://rebinding.example:${port}/`, method: 'POST', headers: {}, body: '{}' };
    const asked: string[] = [];
    const answering = (...answers: string[][]) => ({
      ...{ privateAllowed: false, timeoutMs: 400 },
      resolve: ((host, _options, done) => {
        const found = answers[Math.min(asked.push(host), answers.length) - 1] ?? [];
        done(
          null,
          found.map((address) => ({ address, family: 4 })),
        );
      }) satisfies Parameters<typeof sendOutside>[1]['resolve'],
    });
    // Public when it is looked at, our own machine a moment later: the connection goes to what was looked at.
    const first = await sendOutside(request, answering(['8.8.4.4'], ['127.0.0.1'])).catch((error: unknown) => error);
    expect(first).not.toBeInstanceOf(OutgoingRefused);
    expect([asked.length, connects]).toEqual([1, 0]);
    // The next try meets what the name is by then; one inside among several is enough.
    for (const answer of [['127.0.0.1'], ['8.8.4.4', '127.0.0.1'], ['169.254.169.254']]) {
      await expect(sendOutside(request, answering([], answer))).rejects.toBeInstanceOf(OutgoingRefused);
      expect(connects).toBe(0);
    }
    server.close();
  });

  it('that trickles is left after the deadline, and one that says much is cut off', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/much') return response.end('x'.repeat(5_000_000));
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
      return undefined;
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const send = (path: string) =>
      sendOutside(
        {
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
          method: 'POST',
          headers: {},
          body: '{}',
        },
        { privateAllowed: true, timeoutMs: 300 },
      );
    await expect(send('/')).rejects.toMatchObject({ name: 'AbortError' });
    expect((await send('/much')).text).toHaveLength(4_096);
    server.closeAllConnections();
    server.close();
  });
});

test('a digest counts everything and lists the newest', () => {
  const held = Array.from({ length: 1_234 }, (_, index): HeldEvent => ({
    type: index % 3 === 0 ? 'alert.resolved' : 'alert.raised',
    severity: 'high',
    url: `https://gatehouse.example.com/alerts/${index}`,
    at: new Date(Date.UTC(2026, 0, 1) + index),
  }));
  const digest = webhookMessage.parse(digestMessage(held, new Date()));
  expect(digest).toMatchObject({
    data: {
      from: '2026-01-01T00:00:00.000Z',
      counts: [
        { type: 'alert.resolved', severity: 'high', count: 412 },
        { type: 'alert.raised', severity: 'high', count: 822 },
      ],
    },
  });
  expect(digest.type === 'digest' && digest.data.newest.at(-1)?.url).toContain('/1233');
});
