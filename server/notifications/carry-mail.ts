import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Config, SmtpServer } from '../platform/config.js';
import type { ComposedMail } from './compose-message.js';
import type { CarryMail } from './deliver-due.js';
import { judgeFailure } from './domain/retry.js';

/** Silence of the mail server that is put up with, and the longest a whole message may take. Milliseconds. */
const SILENCE_MS = 15_000;
const MESSAGE_MS = 45_000;
/** Longest answer of a mail server that is kept. */
const ANSWER_MAX = 300;

/** Folder inside the data folder where messages become files when there is no mail server. */
export const mailFolder = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'mail');

/** The way out that the configuration names. */
export const mailCarrier = (config: Pick<Config, 'smtp' | 'dataDir'>): CarryMail =>
  config.smtp ? throughSmtp(config.smtp) : intoFiles(mailFolder(config));

/** What a message may never reach, whatever its texts hold. */
const sealedOff = { disableFileAccess: true, disableUrlAccess: true };

function throughSmtp(server: SmtpServer): CarryMail {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    requireTLS: server.tls === 'required',
    ...(server.user === undefined ? {} : { auth: { user: server.user, pass: server.password } }),
    connectionTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
    dnsTimeout: SILENCE_MS,
    ...sealedOff,
  });
  return async (mail) => {
    try {
      await transport.sendMail({ ...inFull(mail), signal: AbortSignal.timeout(MESSAGE_MS) });
      return { outcome: 'sent' };
    } catch (error) {
      const { responseCode, command = '', response, message } = error as NodemailerError;
      const answer = (response ?? message).slice(0, ANSWER_MAX);
      return judgeFailure(responseCode, /^(RCPT TO|DATA)/.test(command), answer);
    }
  };
}

/** One file a message, as a mail program opens it; written aside and moved into place, so that no half one is ever read. */
function intoFiles(folder: string): CarryMail {
  const transport = createTransport({ streamTransport: true, buffer: true, ...sealedOff });
  return async (mail) => {
    try {
      const { message } = await transport.sendMail(inFull(mail));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const id = mail.messageId.slice(1, mail.messageId.indexOf('@'));
      const path = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${id}.eml`);
      await writeFile(`${path}.part`, message as Buffer, { mode: 0o600 });
      await chmod(`${path}.part`, 0o600);
      await rename(`${path}.part`, path);
      return { outcome: 'sent' };
    } catch (error) {
      return { outcome: 'later', error: (error as Error).message.slice(0, ANSWER_MAX) };
    }
  };
}

/** Envelope by hand: where a message goes is never parsed out of a header. Auto-Submitted keeps holiday notices from answering (RFC 3834). */
const inFull = (mail: ComposedMail) => ({
  ...mail,
  envelope: { from: mail.from.address, to: [mail.to.address] },
  headers: { 'Auto-Submitted': 'auto-generated' },
});
