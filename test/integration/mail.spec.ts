import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailState, NotificationView } from '../../server/contracts/notifications.js';
import type { Page } from '../../server/contracts/paging.js';
import { mailCarrier } from '../../server/notifications/carry-mail.js';
import { type Notification, NotifyPerson } from '../../server/notifications/notify-person.js';
import { loadConfig } from '../../server/platform/config.js';
import { Seal } from '../../server/platform/seal.js';
import { admin, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { mailLogin, type MailServer, readMail, startMailServer } from '../support/mail-server.js';

const secret = 'a secret of the test, long enough to be one';
const outbox = new NotifyPerson(new Seal(loadConfig({ GATEHOUSE_SECRET: secret }).keysFor('outbox-secrets')));
const smtpUrl = (port: number): string =>
  `smtp://${mailLogin.user}:${encodeURIComponent(mailLogin.password)}@127.0.0.1:${port}?tls=required`;

const codeFor = (to: string, dedupKey: string): Notification => ({
  kind: 'sign_in_code',
  payload: { circumstances: { at: new Date().toISOString(), ip: null, client: null, place: null }, minutes: 10 },
  secret: '493817',
  dedupKey,
  to,
});

describe('mail through a real mail server', () => {
  let mail: MailServer;
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let personId: string;

  beforeAll(async () => {
    mail = await startMailServer();
    gatehouse = await startGatehouse({
      env: {
        GATEHOUSE_SECRET: secret,
        SMTP_URL: smtpUrl(mail.port),
        MAIL_FROM: 'gatehouse@example.com',
        NODE_EXTRA_CA_CERTS: mail.authority,
        LOG_LEVEL: 'silent',
      },
    });
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    personId = (await staff.me()).person.id;
  }, 120_000);
  afterAll(async () => {
    await gatehouse.stop();
    await mail.stop();
  }, 60_000);

  const queue = (notification: Notification) =>
    gatehouse.database.transaction((tx) => outbox.notify(tx, personId, notification));
  const mailTo = (address: string) => mail.received.filter(({ to }) => to === address);
  const viewOf = async (address: string): Promise<NotificationView | undefined> => {
    const { body } = await staff.call<Page<NotificationView>>('GET', '/api/v1/mail/messages');
    return body.items.find(({ recipient }) => recipient === address);
  };

  it('sends text and HTML over STARTTLS, and says how mail leaves', async () => {
    expect((await staff.call('POST', '/api/v1/mail/test')).status).toBe(202);
    await eventually(async () => mailTo(admin.email).length === 1, 'the message arrives');
    const [received] = mailTo(admin.email);
    expect(received?.secure).toBe(true);
    const { headers, text, html } = readMail(received!);
    expect(headers.get('from')).toContain('gatehouse@example.com');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(text).toContain(`Type ${new URL(gatehouse.urls[0]!).host} yourself`);
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).not.toMatch(/<img|src=|@import|url\(/);
    const state = await eventually(async () => {
      const { body } = await staff.call<MailState>('GET', '/api/v1/mail');
      return body.counts.sent === 1 && body;
    }, 'it counts as sent, which is written after the mail server has it');
    expect(state).toMatchObject({ way: 'smtp', target: `127.0.0.1:${mail.port}` });
    // Whoever forgot a password is told before they ask whether a link reaches them by mail.
    expect((await new ApiClient(gatehouse.urls[0]!).call('GET', '/api/v1/set-up')).body).toMatchObject({
      mail: 'smtp',
    });
  });

  it('tries again what is turned away for now, without a second copy', async () => {
    mail.answers.set('later@example.com', '450 Greylisted, come back');
    await queue(codeFor('later@example.com', 'later'));
    const waiting = await eventually(async () => {
      const view = await viewOf('later@example.com');
      return view?.tries === 1 && view.lastError !== null && view;
    }, 'the first try fails');
    expect(waiting).toMatchObject({ state: 'queued', lastError: expect.stringContaining('450') as string });
    expect(Date.parse(waiting.nextTryAt ?? '')).toBeGreaterThan(Date.now());
    mail.answers.delete('later@example.com');
    await gatehouse.database.query(`UPDATE notifications SET next_try_at = now() WHERE id = $1`, [waiting.id]);
    await gatehouse.database.query(`SELECT pg_notify('notification_queued', '{}')`);
    await eventually(async () => (await viewOf('later@example.com'))?.state === 'sent', 'the retry is taken');
    expect(mailTo('later@example.com')).toHaveLength(1);
    expect(readMail(mailTo('later@example.com')[0]!).text).toContain('493817');
  });

  it('shows as bounced what is refused for good, and wipes the secret', async () => {
    mail.answers.set('gone@example.com', '550 No such mailbox');
    await queue(codeFor('gone@example.com', 'gone'));
    const bounced = await eventually(async () => {
      const view = await viewOf('gone@example.com');
      return view?.state === 'bounced' && view;
    }, 'it bounces');
    expect(bounced).toMatchObject({ tries: 1, nextTryAt: null, lastError: expect.stringContaining('550') as string });
    const rows = await gatehouse.database.query<{ dump: string; sealed: string | null }[]>(
      'SELECT notifications::text AS dump, sealed FROM notifications',
    );
    expect(rows.every(({ sealed }) => sealed === null)).toBe(true);
    expect(rows.some(({ dump }) => dump.includes('493817'))).toBe(false);
  });

  it('tells an event once, and nothing that was rolled back', async () => {
    await queue(codeFor('once@example.com', 'once'));
    await queue(codeFor('once@example.com', 'once'));
    await gatehouse.database
      .transaction(async (tx) => {
        await outbox.notify(tx, personId, codeFor('never@example.com', 'never'));
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await eventually(async () => mailTo('once@example.com').length > 0, 'it arrives');
    await eventually(async () => (await viewOf('once@example.com'))?.state === 'sent', 'it is settled');
    expect(mailTo('once@example.com')).toHaveLength(1);
    expect(await viewOf('never@example.com')).toBeUndefined();
  });

  it('does not send what has lost its use', async () => {
    await queue({ ...codeFor('late@example.com', 'late'), expiresInSeconds: 0 });
    await eventually(async () => (await viewOf('late@example.com'))?.state === 'failed', 'it is given up');
    expect(mailTo('late@example.com')).toHaveLength(0);
  });

  it('keeps line breaks in names out of the headers', async () => {
    const evil = 'Kestrel\r\nBcc: thief@example.com\r\n\r\n<b>body</b>';
    await gatehouse.database.query('UPDATE installation SET organisation = $1', [evil]);
    await gatehouse.database.query('UPDATE people SET name = $1 WHERE id = $2', [evil, personId]);
    await queue(codeFor('target@example.com', 'injection'));
    await eventually(async () => mailTo('target@example.com').length === 1, 'it arrives');
    const { headers, html } = readMail(mailTo('target@example.com')[0]!);
    expect(headers.has('bcc')).toBe(false);
    expect(html).not.toContain('<b>body</b>');
    expect(mailTo('thief@example.com')).toHaveLength(0);
  });
});

describe('the ways mail can leave', () => {
  const message = {
    messageId: '<7b0c1f0e-0000-4000-8000-000000000000@127.0.0.1>',
    from: { name: 'Gatehouse', address: 'gatehouse@example.com' },
    to: { name: 'Sam', address: 'sam@example.com' },
    subject: 'Subject',
    text: 'Text',
    html: '<p>Text</p>',
  };

  it('sends nothing in clear where encryption is demanded', async () => {
    const plain = await startMailServer({ startTls: false });
    const config = loadConfig({ SMTP_URL: smtpUrl(plain.port), MAIL_FROM: 'gatehouse@example.com' });
    expect(await mailCarrier(config)(message)).toMatchObject({ outcome: 'later' });
    expect(plain.received).toEqual([]);
    await plain.stop();
  });

  it('writes files that only the owner can read when there is no mail server', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-files-'));
    expect(await mailCarrier({ smtp: undefined, dataDir })(message)).toEqual({ outcome: 'sent' });
    const files = await readdir(join(dataDir, 'mail'));
    expect(files).toEqual([expect.stringMatching(/\.eml$/)]);
    const path = join(dataDir, 'mail', files[0]!);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('To: Sam <sam@example.com>');
    await rm(dataDir, { recursive: true });
  });

  it('refuses a mail server without a sender', () => {
    expect(() => loadConfig({ SMTP_URL: 'smtp://mail.example.com' })).toThrow(/MAIL_FROM/);
  });
});
