import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { eventually, type Gatehouse, type Shape, startGatehouse } from './gatehouse.js';

export type ReceivedMail = { to: string; secure: boolean; raw: string };

/** A real mail server: demands a log-in, offers STARTTLS, keeps what it takes, and answers as it is told. */
export type MailServer = {
  port: number;
  /** Certificate of the authority to trust, for NODE_EXTRA_CA_CERTS. */
  authority: string;
  received: ReceivedMail[];
  /** Answers by recipient, such as `450 Greylisted`; everybody else's mail is taken. */
  answers: Map<string, string>;
  stop: () => Promise<void>;
};

export const mailLogin = { user: 'gatehouse', password: 'mail pass/word' };

export async function startMailServer({ startTls = true } = {}): Promise<MailServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-mail-'));
  const { key, certificate } = await makeCertificate(folder);
  const received: ReceivedMail[] = [];
  const answers = new Map<string, string>();
  const server = new SMTPServer({
    key: await readFile(key),
    cert: await readFile(certificate),
    disabledCommands: startTls ? [] : ['STARTTLS'],
    allowInsecureAuth: !startTls,
    onAuth: ({ username, password }, _session, done) =>
      username === mailLogin.user && password === mailLogin.password
        ? done(null, { user: username })
        : done(new Error('Wrong log-in')),
    onRcptTo: ({ address }, _session, done) => {
      const [code, ...words] = (answers.get(address) ?? '').split(' ');
      if (code === '') done();
      else done(Object.assign(new Error(words.join(' ')), { responseCode: Number(code) }));
    },
    onData: (stream, session, done) => {
      void buffer(stream).then((raw) => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        received.push({ to, secure: session.secure, raw: raw.toString('utf8') });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    authority: certificate,
    received,
    answers,
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A certificate of its own authority for this machine. */
export async function makeCertificate(folder: string): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ]);
  return { key, certificate };
}

/** Takes a message apart far enough for a test: unfolded headers and the decoded text part. */
export function readMail({ raw }: ReceivedMail): { headers: Map<string, string>; text: string; html: string } {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const headers = new Map(
    head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)] as const),
  );
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1] ?? '';
  const parts = raw.split(`--${boundary}`).map(decodePart);
  const of = (type: string): string => parts.find((part) => part.type === type)?.body ?? '';
  return { headers, text: of('text/plain'), html: of('text/html') };
}

function decodePart(part: string): { type: string; body: string } {
  const split = part.indexOf('\r\n\r\n');
  const head = part.slice(0, split).toLowerCase();
  const body = part.slice(split + 4);
  const type = /content-type: ([a-z]+\/[a-z]+)/.exec(head)?.[1] ?? '';
  if (head.includes('base64')) return { type, body: Buffer.from(body, 'base64').toString('utf8') };
  if (!head.includes('quoted-printable')) return { type, body };
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { type, body: Buffer.from(bytes, 'latin1').toString('utf8') };
}

export type MailedGatehouse = {
  gatehouse: Gatehouse;
  mail: MailServer;
  /** Waits for a message to an address with this subject; `index` picks a later one. */
  mailTo: (address: string, subject: string, index?: number) => Promise<{ text: string }>;
  /** The same, and takes the token out of its link. */
  tokenTo: (address: string, subject: string, index?: number) => Promise<string>;
  stop: () => Promise<void>;
};

/** An installation that sends its mail through a mail server of its own. */
export async function startGatehouseWithMail(shape: Shape = {}): Promise<MailedGatehouse> {
  const mail = await startMailServer();
  const gatehouse = await startGatehouse({
    ...shape,
    env: {
      SMTP_URL: `smtp://${mailLogin.user}:${encodeURIComponent(mailLogin.password)}@127.0.0.1:${mail.port}`,
      MAIL_FROM: 'gatehouse@example.com',
      NODE_EXTRA_CA_CERTS: mail.authority,
      ...shape.env,
    },
  });
  const mailTo: MailedGatehouse['mailTo'] = async (address, subject, index = 0) => {
    const found = await eventually(
      async () => mail.received.filter(({ to, raw }) => to === address && raw.includes(`Subject: ${subject}`))[index],
      `"${subject}" arrives at ${address}`,
    );
    return readMail(found);
  };
  return {
    gatehouse,
    mail,
    mailTo,
    tokenTo: async (...what) => /#token=([\w-]+)/.exec((await mailTo(...what)).text)?.[1] ?? '',
    stop: async () => {
      await gatehouse.stop();
      await mail.stop();
    },
  };
}
