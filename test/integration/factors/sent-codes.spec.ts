import type { AlertView } from '../../../server/contracts/alerts.js';
import type { Page } from '../../../server/contracts/paging.js';
import type { FactorAdded, FactorRequired, FactorsView } from '../../../server/contracts/factors.js';
import { addPerson, turnOnTotp, withPassword } from '../../support/factors.js';
import type { NotificationView } from '../../../server/contracts/notifications.js';
import type { SmsGatewayView, SmsTestResult } from '../../../server/contracts/sms.js';
import { ApiClient, eventually } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';
import { type GatewayServer, jsonGateway, startSmsGateway, twilioGateway } from '../../support/sms-gateway.js';

type Session = { aal: number; amr: string[]; current: boolean };

describe('codes that are sent, on two servers', () => {
  let installation: MailedGatehouse;
  let gateway: GatewayServer;
  let urls: string[];
  let sam: { email: string; password: string };
  let mails = 0;
  let backupCodes: string[] = [];

  beforeAll(async () => {
    gateway = await startSmsGateway();
    installation = await startGatehouseWithMail({ servers: 2, env: { SMS_GATEWAY_PRIVATE: '1' } });
    urls = installation.gatehouse.urls;
    sam = await addPerson(installation.gatehouse, 'sam@example.com');
  }, 120_000);
  afterAll(async () => {
    await installation.stop();
    await gateway.stop();
  }, 60_000);

  const codeFromMail = async (): Promise<string> =>
    /\b\d{6}\b/.exec((await installation.mailTo(sam.email, 'Your sign-in code', mails++)).text)?.[0] ?? '';
  const another = (code: string): string => (code === '000000' ? '000001' : '000000');
  /** Sends a code for a sign-in; limits and counters are the subject of tests of their own. */
  const send = async (half: ApiClient): Promise<string> => {
    await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'code:%'`);
    const sent = await half.call('POST', '/api/v1/sign-in/factor/send', {});
    expect(sent).toMatchObject({ status: 200, body: { to: 's•••@example.com', minutes: 10 } });
    return codeFromMail();
  };
  const answer = (half: ApiClient, code: string, factor = 'email') =>
    half.call('POST', '/api/v1/sign-in/factor', { factor, code });
  /** Gives the same answer 50 times at once, to both servers by turns. */
  const answerAtOnce = (half: ApiClient, code: string, factor: string) =>
    Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const same = new ApiClient(urls[index % 2]!);
        same.cookie = half.cookie;
        return answer(same, code, factor).then(({ status }) => ({ status, cookie: same.cookie }));
      }),
    );
  const forgetFailures = () =>
    installation.gatehouse.database.query('UPDATE authenticators SET failures = 0, retry_at = NULL');
  const ownSession = async (client: ApiClient): Promise<Session> =>
    (await client.call<{ items: Session[] }>('GET', '/api/v1/me/sessions')).body.items.find(({ current }) => current)!;

  it('by e-mail are on only after the first one was typed, come with backup codes, and stay AAL1', async () => {
    const client = await ApiClient.signedIn(urls[0]!, sam);
    expect((await client.call('POST', '/api/v1/me/factors/email', {})).status).toBe(200);
    const code = await codeFromMail();
    const confirm = (typed: string) =>
      client.call<FactorAdded>('POST', '/api/v1/me/factors/email/confirm', { code: typed });
    expect((await confirm(another(code))).body).toMatchObject({ code: 'wrong_code' });
    expect((await client.call<FactorsView>('GET', '/api/v1/me/factors')).body.on).toBe(false);
    const added = await confirm(code);
    expect(added.body.factors).toMatchObject({ on: true, authenticators: [{ kind: 'email', weaker: true }] });
    expect(added.body.backupCodes).toHaveLength(10);
    backupCodes = added.body.backupCodes ?? [];
    expect(await ownSession(client)).toMatchObject({ aal: 1, amr: ['pwd', 'email'] });
    expect((await client.call('POST', '/api/v1/me/factors/email', {})).status).toBe(409);
  });

  it('by e-mail sign in after the password, once, at either server', async () => {
    const half = await withPassword(urls[0]!, sam);
    const { options } = (await half.call<FactorRequired>('GET', '/api/v1/sign-in')).body;
    expect(options[0]).toMatchObject({ factor: 'email', name: 's•••@example.com', weaker: true });
    const code = await send(half);
    const answers = await answerAtOnce(half, code, 'email');
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 401, 429].includes(status))).toBe(true);
    const client = new ApiClient(urls[1]!);
    client.cookie = won[0]!.cookie;
    expect(await ownSession(client)).toMatchObject({ aal: 1, amr: ['pwd', 'email'] });
  }, 60_000);

  it('by e-mail are neither offered nor sent nor taken after a password that came by mail, which a backup code confirms', async () => {
    const { database } = installation.gatehouse;
    const open = await withPassword(urls[0]!, sam);
    const code = await send(open);
    const mailed = (at: string) =>
      database.query(`UPDATE people SET password_mailed_at = ${at} WHERE email = $1`, [sam.email]);
    await mailed('now()');
    const half = await withPassword(urls[1]!, sam);
    const { options } = (await half.call<FactorRequired>('GET', '/api/v1/sign-in')).body;
    expect(options.map(({ factor }) => factor)).toEqual(['backup_code']);
    expect((await half.call('POST', '/api/v1/sign-in/factor/send', { factor: 'email' })).status).toBeGreaterThanOrEqual(
      400,
    );
    for (const one of [half, open]) expect((await answer(one, code)).status).toBeGreaterThanOrEqual(400);
    expect((await answer(half, backupCodes[0]!, 'backup_code')).status).toBe(200);
    const [person] = await database.query<{ mailed: boolean }[]>(
      'SELECT password_mailed_at IS NOT NULL AS mailed FROM people WHERE email = $1',
      [sam.email],
    );
    expect(person?.mailed).toBe(false);
    await forgetFailures();
  });

  it('count for the sign-in that asked, only the newest one, and for ten minutes', async () => {
    await forgetFailures();
    const [half, other] = [await withPassword(urls[0]!, sam), await withPassword(urls[1]!, sam)];
    const first = await send(half);
    expect((await answer(other, first)).status).toBe(401);
    const second = await send(half);
    expect((await answer(half, first)).status).toBe(first === second ? 200 : 401);
    await installation.gatehouse.database.query('UPDATE sent_codes SET expires_at = now()');
    expect((await answer(half, second)).status).toBe(401);
  });

  it('keep the count of wrong tries when another one is sent, and are sent five times in a quarter of an hour', async () => {
    await forgetFailures();
    const half = await withPassword(urls[0]!, sam);
    const code = await send(half);
    for (let wrong = 0; wrong < 5; wrong += 1) await answer(half, another(code));
    const next = await send(half);
    expect((await answer(half, next)).status).toBe(429);
    for (let more = 0; more < 4; more += 1) await half.call('POST', '/api/v1/sign-in/factor/send', {});
    expect(await half.call('POST', '/api/v1/sign-in/factor/send', {})).toMatchObject({
      status: 429,
      body: { code: 'too_many_tries' },
    });
    mails += 4;
    await forgetFailures();
  });

  it('show in no dump', async () => {
    const code = await send(await withPassword(urls[0]!, sam));
    const rows = await installation.gatehouse.database.query<{ text: string }[]>(
      `SELECT s::text AS text FROM sent_codes s UNION ALL SELECT n::text FROM notifications n`,
    );
    // Six digits turn up in times and hashes by chance, and not as a word of their own.
    expect(rows.map(({ text }) => text).join('\n')).not.toMatch(new RegExp(`(?<![\\w.])${code}(?!\\w)`));
  });

  it('can be forbidden, which shuts nobody out', async () => {
    await installation.gatehouse.database.query('UPDATE sign_in_policy SET strict = true');
    const half = await withPassword(urls[0]!, sam);
    expect((await answer(half, await send(half))).status).toBe(200);
    expect((await half.call<FactorsView>('GET', '/api/v1/me/factors')).body.allowed).toEqual(['totp', 'passkey']);
    const lee = await ApiClient.signedIn(urls[0]!, await addPerson(installation.gatehouse, 'lee@example.com'));
    expect((await lee.call('POST', '/api/v1/me/factors/email', {})).body).toMatchObject({ code: 'factor_not_allowed' });
  });

  describe('by SMS', () => {
    const number = '+49 151 2345678';
    let staff: ApiClient;
    let kim: { email: string; password: string };
    let phone: ApiClient;
    const set = (change: object) =>
      staff.call<SmsGatewayView>('PUT', '/api/v1/sms-gateway', { prefixes: [], perDay: 500, secret: 'k3y', ...change });
    const test = async (to = number) =>
      (await staff.call<SmsTestResult>('POST', '/api/v1/sms-gateway/test', { to })).body;
    const beginAt = (client: ApiClient, to: string, password?: string) =>
      client.call('POST', '/api/v1/me/factors/sms', { number: to, password });
    const texts = () => gateway.received.length;
    const askFor = async (half: ApiClient): Promise<string> => {
      await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'code:%'`);
      const before = texts();
      const sent = await half.call('POST', '/api/v1/sign-in/factor/send', { factor: 'sms' });
      expect(sent).toMatchObject({ status: 200, body: { to: '+49 ••• 78' } });
      return gateway.code(before);
    };

    beforeAll(async () => {
      await installation.gatehouse.database.query('UPDATE sign_in_policy SET strict = false');
      staff = await ApiClient.signedIn(urls[0]!);
      kim = await addPerson(installation.gatehouse, 'kim@example.com');
      phone = await ApiClient.signedIn(urls[0]!, kim);
    });

    it('need a gateway, whose key is never shown and stays with its server', async () => {
      expect((await beginAt(phone, number)).body).toMatchObject({ code: 'sms_unavailable' });
      expect((await set({ gateway: { ...jsonGateway(gateway.url), body: '{"to":"{to}"}' } })).body).toMatchObject({
        errors: [{ path: 'gateway.body' }],
      });
      expect((await set({ gateway: jsonGateway(gateway.url) })).status).toBe(200);
      const shown = await staff.call('GET', '/api/v1/sms-gateway');
      expect(JSON.stringify(shown.body)).not.toContain('k3y');
      const moved = { gateway: jsonGateway('http://127.0.0.1:9'), secret: undefined };
      expect((await set(moved)).body).toMatchObject({ errors: [{ path: 'secret' }] });
      expect((await set({ gateway: jsonGateway(gateway.url), secret: undefined })).status).toBe(200);
      const kept = await installation.gatehouse.database.query<unknown[]>(
        'SELECT sms_gateway::text, (SELECT json_agg(detail) FROM audit_entries) AS log FROM sms_gateway',
      );
      expect(JSON.stringify(kept)).not.toContain('k3y');
    });

    it('say plainly what the gateway answered, in both forms', async () => {
      const before = texts();
      expect(await test()).toEqual({ taken: true, answer: 'The gateway took it. Look at the phone.' });
      expect(gateway.received[before]).toMatchObject({
        headers: { authorization: 'Bearer k3y', 'content-type': 'application/json' },
        body: '{"recipient":"491512345678","message":"This is a test message of Gatehouse."}',
      });
      await set({ gateway: twilioGateway(gateway.url) });
      expect((await test()).taken).toBe(true);
      expect(gateway.received[before + 1]).toMatchObject({
        path: `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`,
        headers: { authorization: `Basic ${btoa(`AC${'0'.repeat(32)}:k3y`)}` },
        body: 'To=%2B491512345678&From=%2B15005550006&Body=This+is+a+test+message+of+Gatehouse.',
      });
      gateway.answer = 'elsewhere';
      expect((await test()).answer).toMatch(/302: the gateway points elsewhere/);
      gateway.answer = 401;
      expect((await test()).answer).toMatch(/^401 No: To=/);
      gateway.answer = 200;
    });

    it('are on after the first was typed, to a number that is shown covered, and stay AAL1', async () => {
      const before = texts();
      expect(await beginAt(phone, number)).toMatchObject({ status: 200, body: { to: '+49 ••• 78' } });
      const code = await gateway.code(before);
      const confirmed = await phone.call<FactorAdded>('POST', '/api/v1/me/factors/sms/confirm', { code });
      expect(confirmed.body.factors).toMatchObject({
        on: true,
        authenticators: [{ kind: 'sms', name: '+49 ••• 78', weaker: true }],
      });
      expect(confirmed.body.backupCodes).toHaveLength(10);
      expect(await ownSession(phone)).toMatchObject({ aal: 1, amr: ['pwd', 'sms'] });
      expect((await installation.mailTo(kim.email, 'A way to sign in was added')).text).toContain('+49 ••• 78');
      const stored = await installation.gatehouse.database.query<{ text: string }[]>(
        `SELECT a::text AS text FROM authenticators a UNION ALL SELECT n::text FROM notifications n UNION ALL SELECT l::text FROM limits l`,
      );
      expect(stored.map(({ text }) => text).join()).not.toContain('1512345678');
    });

    it('sign in after the password, once, at either server', async () => {
      const half = await withPassword(urls[0]!, kim);
      const code = await askFor(half);
      const won = (await answerAtOnce(half, code, 'sms')).filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      const client = new ApiClient(urls[1]!);
      client.cookie = won[0]!.cookie;
      expect(await ownSession(client)).toMatchObject({ aal: 1, amr: ['pwd', 'sms'] });
      await forgetFailures();
    }, 60_000);

    it('are tried again when the gateway fails, and given up when it refuses', async () => {
      const half = await withPassword(urls[0]!, kim);
      const latest = async (): Promise<NotificationView | undefined> =>
        (await staff.call<{ items: NotificationView[] }>('GET', '/api/v1/mail/messages')).body.items.find(
          ({ kind }) => kind === 'sign_in_code_by_sms',
        );
      gateway.answer = 503;
      await half.call('POST', '/api/v1/sign-in/factor/send', { factor: 'sms' });
      const waiting = await eventually(async () => {
        const view = await latest();
        return view?.lastError?.startsWith('503') && view;
      }, 'the first try fails');
      expect(waiting).toMatchObject({ state: 'queued', tries: 1, recipient: '+49 ••• 78' });
      // The gateway repeated what it was sent; neither code nor number stays with us.
      expect(waiting.lastError).not.toMatch(/1512345678|Body=\d/);
      gateway.answer = 200;
      const before = texts();
      await installation.gatehouse.database.query(`UPDATE notifications SET next_try_at = now() WHERE id = $1`, [
        waiting.id,
      ]);
      await installation.gatehouse.database.query(`SELECT pg_notify('notification_queued', '{}')`);
      expect((await answer(half, await gateway.code(before), 'sms')).status).toBe(200);
      gateway.answer = 400;
      const other = await withPassword(urls[0]!, kim);
      await other.call('POST', '/api/v1/sign-in/factor/send', { factor: 'sms' });
      await eventually(async () => (await latest())?.state === 'bounced', 'the refused message is given up');
      gateway.answer = 200;
    });

    it('are the only way left once every backup code is used, which is said', async () => {
      const { database } = installation.gatehouse;
      expect((await phone.me()).twoStep.smsAlone).toBe(false);
      await database.query('UPDATE backup_codes SET used_at = now()');
      expect((await phone.me()).twoStep.smsAlone).toBe(true);
      await database.query('UPDATE backup_codes SET used_at = NULL');
    });

    it('move to another number only with a code that went there and the password, with a mail', async () => {
      const before = texts();
      expect((await beginAt(phone, '+49 170 1111111')).body).toMatchObject({ code: 'wrong_password' });
      const wrong = await beginAt(phone, '+49 170 1111111', 'not the password of Kim');
      expect(wrong.body).toMatchObject({ code: 'wrong_credentials' });
      await beginAt(phone, '+49 170 1111111', kim.password);
      const toFirst = await gateway.code(before);
      await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'code:%'`);
      await beginAt(phone, '+49 170 2222222', kim.password);
      const toSecond = await gateway.code(before + 1);
      const confirm = (code: string) => phone.call<FactorAdded>('POST', '/api/v1/me/factors/sms/confirm', { code });
      if (toFirst !== toSecond) expect((await confirm(toFirst)).status).toBe(401);
      expect((await confirm(toSecond)).body.factors).toMatchObject({ authenticators: [{ name: '+49 ••• 22' }] });
      expect((await installation.mailTo(kim.email, 'A way to sign in was removed')).text).toContain('+49 ••• 78');
    });

    it('confirm nothing where the account has an app, and are not even sent for it', async () => {
      await turnOnTotp(phone);
      const before = texts();
      const send = await phone.call('POST', '/api/v1/me/step-up/send', { factor: 'sms' });
      expect(send).toMatchObject({ status: 403, body: { code: 'step_up_required', factors: ['backup_code', 'totp'] } });
      const confirm = await phone.call('POST', '/api/v1/me/step-up', { factor: 'sms', code: '123456' });
      expect(confirm.body).toMatchObject({ code: 'step_up_required' });
      expect(texts()).toBe(before);
    });

    it('neither hide an app that was shown a moment ago, nor make it fresh again', async () => {
      const { database } = installation.gatehouse;
      const { sessionId } = await phone.me();
      const ago = (minutes: number) =>
        database.query('UPDATE sessions SET proved_at = now() - make_interval(mins => $2) WHERE id = $1', [
          sessionId,
          minutes,
        ]);
      const sensitive = () => phone.call('POST', '/api/v1/me/factors/passkeys/options', {});
      await ago(14);
      await database.query(`DELETE FROM limits WHERE key LIKE 'code:%'`);
      const before = texts();
      await beginAt(phone, '+49 170 4444444');
      const code = await gateway.code(before);
      expect((await phone.call('POST', '/api/v1/me/factors/sms/confirm', { code })).status).toBe(200);
      expect((await sensitive()).status).toBe(200);
      const [kept] = await database.query<{ minutes: number; strength: number }[]>(
        `SELECT floor(extract(epoch FROM now() - proved_at) / 60)::int AS minutes, proved_strength AS strength FROM sessions WHERE id = $1`,
        [sessionId],
      );
      expect(kept).toEqual({ minutes: 14, strength: 2 });
      await ago(16);
      expect((await sensitive()).body).toMatchObject({ code: 'step_up_required' });
      await ago(0);
    });

    it('go to allowed countries only, and no more often than may', async () => {
      await set({ gateway: jsonGateway(gateway.url), prefixes: ['+351'] });
      expect((await beginAt(phone, number)).body).toMatchObject({
        code: 'number_not_allowed',
        detail: expect.stringContaining('+351') as string,
      });
      expect((await beginAt(phone, '+881 6 1234567')).body).toMatchObject({ code: 'invalid_request' });
      await set({ gateway: jsonGateway(gateway.url), perDay: 1 });
      expect((await beginAt(phone, number)).body).toMatchObject({ code: 'too_many_messages' });
      const alerts = async () =>
        (await staff.call<Page<AlertView>>('GET', '/api/v1/alerts?kind=sms-limit')).body.items.map(({ kind }) => kind);
      expect(await alerts()).toEqual([]);
      const { body } = await staff.call<SmsGatewayView>('GET', '/api/v1/sms-gateway');
      await set({ gateway: jsonGateway(gateway.url), perDay: body.sentToday + 1 });
      await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'code:%' OR key LIKE 'sms:%'`);
      expect((await beginAt(phone, number)).status).toBe(200);
      expect((await beginAt(phone, number)).body).toMatchObject({ code: 'too_many_messages' });
      expect(await alerts()).toEqual(['sms-limit']);
      await set({ gateway: jsonGateway(gateway.url) });
      await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'code:%' OR key LIKE 'sms:%'`);
      const tries: number[] = [];
      for (let one = 0; one < 11; one += 1) {
        await installation.gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'code:%'`);
        tries.push((await beginAt(phone, '+49 160 3333333')).status);
      }
      expect(tries).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    });

    it('are not offered once there is no gateway, as backup codes are not once all are used', async () => {
      const offered = async (): Promise<string[]> => {
        const half = await withPassword(urls[0]!, kim);
        return (await half.call<FactorRequired>('GET', '/api/v1/sign-in')).body.options.map(({ factor }) => factor);
      };
      expect(await offered()).toEqual(['totp', 'sms', 'backup_code']);
      expect((await staff.call('DELETE', '/api/v1/sms-gateway')).status).toBe(200);
      await installation.gatehouse.database.query('UPDATE backup_codes SET used_at = now()');
      expect(await offered()).toEqual(['totp']);
    });

    it('can be forbidden', async () => {
      await installation.gatehouse.database.query('UPDATE sign_in_policy SET strict = true');
      expect((await beginAt(phone, number)).body).toMatchObject({ code: 'factor_not_allowed' });
    });
  });
});
