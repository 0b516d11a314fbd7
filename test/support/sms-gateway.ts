import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from './gatehouse.js';

export type ReceivedText = { path: string; method: string; headers: Record<string, unknown>; body: string };

/** A real SMS gateway: keeps what it is sent, and answers as it is told. */
export type GatewayServer = {
  url: string;
  received: ReceivedText[];
  /** What it answers next: a status, `silence`, or `elsewhere` for a redirect. */
  answer: number | 'silence' | 'elsewhere';
  /** Waits for the message of this number, counted from 0, and takes the code out of it. */
  code: (index: number) => Promise<string>;
  stop: () => Promise<void>;
};

export async function startSmsGateway(): Promise<GatewayServer> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { url: path = '', method = '', headers } = request;
      if (gateway.answer === 'silence') return;
      if (gateway.answer === 'elsewhere') {
        response.writeHead(302, { location: `${gateway.url}/other` }).end();
        return;
      }
      if (gateway.answer < 300) gateway.received.push({ path, method, headers, body });
      response.writeHead(gateway.answer).end(gateway.answer < 300 ? '{"sid":"SM1"}' : `No: ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const received: ReceivedText[] = [];
  const gateway: GatewayServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: 200,
    code: async (index) => {
      const { body } = await eventually(async () => received[index], `message ${index} arrives at the gateway`);
      return /\b\d{6}\b/.exec(decodeURIComponent(body.replaceAll('+', ' ')))?.[0] ?? '';
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return gateway;
}

/** Settings of a gateway that takes JSON, and of one that speaks like Twilio. */
export const jsonGateway = (url: string) => ({
  form: 'template' as const,
  url: `${url}/send`,
  method: 'POST' as const,
  headers: [{ name: 'Authorization', value: 'Bearer {secret}' }],
  bodyType: 'json' as const,
  body: '{"recipient":"{digits}","message":"{text}"}',
  success: '2xx',
});
export const twilioGateway = (url: string) => ({
  form: 'twilio' as const,
  url,
  accountSid: `AC${'0'.repeat(32)}`,
  from: '+15005550006',
});
