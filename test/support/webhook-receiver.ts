import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { WebhookMessage } from '../../server/contracts/webhooks.js';
import { eventually } from './gatehouse.js';
import { makeCertificate } from './mail-server.js';

type Received = { path: string; headers: Record<string, string>; body: string };

/** A real receiver of webhooks by HTTPS: keeps what it is sent, and answers as it is told. */
export type WebhookReceiver = {
  url: string;
  /** Certificate of the authority to trust, for NODE_EXTRA_CA_CERTS. */
  authority: string;
  received: Received[];
  /** What it answers next: a status, `elsewhere` for a redirect, `trickle` for an answer that never ends, `silence` for none. */
  answer: number | 'elsewhere' | 'trickle' | 'silence';
  /** Waits for a message of this kind, counted from 0, and verifies it with a library of another author. */
  message: (secret: string, type: WebhookMessage['type'], index?: number) => Promise<WebhookMessage>;
  stop: () => Promise<void>;
};

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-webhook-'));
  const { key, certificate } = await makeCertificate(folder);
  const trickling = new Set<NodeJS.Timeout>();
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url ?? '', headers: request.headers as Record<string, string>, body });
      if (receiver.answer === 'silence') return;
      if (receiver.answer === 'elsewhere') return response.writeHead(302, { location: `${receiver.url}/other` }).end();
      if (receiver.answer !== 'trickle') return response.writeHead(receiver.answer).end(`It is ${receiver.answer}.`);
      response.writeHead(200);
      trickling.add(setInterval(() => response.write('.'), 100));
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const received: Received[] = [];
  const receiver: WebhookReceiver = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: certificate,
    received,
    answer: 204,
    message: async (secret, type, index = 0) => {
      const { body, headers } = await eventually(
        async () => received.filter((one) => (JSON.parse(one.body) as WebhookMessage).type === type)[index],
        `${type} ${index} arrives at the receiver`,
      );
      return new Webhook(secret).verify(body, headers) as WebhookMessage;
    },
    stop: async () => {
      for (const timer of trickling) clearInterval(timer);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return receiver;
}
