import { verify } from '@node-rs/argon2';
import { sha256 } from '../../../server/platform/crypto.js';
import type { WebhookSet } from '../../../server/contracts/webhooks.js';
import { addPerson, Browser, codeOf, forgetSteps, turnOnTotp, withPassword } from '../../support/factors.js';
import { dumpOf, spellings } from '../../support/dump.js';
import { admin, ApiClient } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';
import { type GatewayServer, jsonGateway, startSmsGateway } from '../../support/sms-gateway.js';

describe('a stolen database', () => {
  let installation: MailedGatehouse;
  let texts: GatewayServer;
  let url: string;

  beforeAll(async () => {
    texts = await startSmsGateway();
    installation = await startGatehouseWithMail({ env: { SMS_GATEWAY_PRIVATE: '1' } });
    url = installation.gatehouse.urls[0]!;
  }, 120_000);
  afterAll(async () => {
    await installation.stop();
    await texts.stop();
  }, 60_000);

  const secretOf = (cookie: string): string => cookie.slice(cookie.indexOf('=') + 1);

  it('can not check a known password, and holds no key, code, token or number in any column', async () => {
    const staff = await ApiClient.signedIn(url);
    const gateway = { gateway: jsonGateway(texts.url), prefixes: [], perDay: 500, secret: 'k3y-of-the-gateway' };
    await staff.call('PUT', '/api/v1/sms-gateway', gateway);
    const sam = await addPerson(installation.gatehouse, 'sam@example.com');
    const desk = new Browser(url);
    await desk.signIn(sam);
    const { secret, backupCodes } = await turnOnTotp(desk.client);
    await desk.client.call('POST', '/api/v1/me/factors/email', {});
    const byMail = /\b\d{6}\b/.exec((await installation.mailTo(sam.email, 'Your sign-in code')).text)![0];
    const number = '+491512345678';
    await desk.client.call('POST', '/api/v1/me/factors/sms', { number });
    const bySms = await texts.code(0);
    await desk.client.call('POST', '/api/v1/me/factors/sms/confirm', { code: bySms });
    await forgetSteps(installation.gatehouse);
    const half = await withPassword(url, sam);
    const used = await withPassword(url, sam);
    expect((await used.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) })).status).toBe(
      200,
    );
    await half.call('POST', '/api/v1/sign-in/recovery', {});
    const cancelling = await installation.tokenTo(sam.email, 'Account recovery was started');
    await new ApiClient(url).call('POST', '/api/v1/password/forgot', { email: sam.email });
    const resetting = await installation.tokenTo(sam.email, 'Set a new password');
    await staff.call('POST', '/api/v1/people/invitations', { name: 'Lena Berg', email: 'lena@example.com' });
    const invited = await installation.tokenTo('lena@example.com', 'Your account at Gatehouse');
    const key = await staff.application('Payroll');
    const hook = {
      url: 'https://hooks.example.com/gatehouse',
      events: ['alert.raised'],
      severity: 'low',
      perWindow: 10,
    };
    const webhook = await staff.call<WebhookSet>('PUT', '/api/v1/webhook', hook);
    expect(webhook.status).toBe(200);

    const secrets = {
      password: admin.password,
      'key of the app': secret,
      ...Object.fromEntries(
        backupCodes.flatMap((code) => [
          [code, code],
          [`${code} bare`, code.replace('-', '')],
        ]),
      ),
      number: number.slice(1),
      'key of the gateway': gateway.secret,
      session: secretOf(desk.client.cookie),
      'other session': secretOf(used.cookie),
      'half sign-in': secretOf(half.cookie),
      device: secretOf(desk.device),
      'link that cancels': cancelling,
      'link that resets': resetting,
      invitation: invited,
      'secret of the webhook': webhook.body.secret!.replace('whsec_', ''),
      'application key': key.split('_')[3]!.slice(0, 43),
    };
    const dump = await dumpOf(installation.gatehouse);
    // What is there to be found is: text, and bytes as their hash.
    for (const there of [sam.email, sha256(secrets.session).toString('hex')]) expect(dump).toContain(there);
    const found = Object.entries(secrets).filter(([, value]) => spellings(value).some((one) => dump.includes(one)));
    expect(found.map(([name]) => name)).toEqual([]);
    // Six digits turn up in times and hashes by chance, and not as a word of their own.
    for (const code of [bySms, byMail, codeOf(secret)])
      expect(dump).not.toMatch(new RegExp(`(?<![\\w.+-])${code}(?![\\w.])`));

    const [row] = await installation.gatehouse.database.query<{ hash: string }[]>(
      'SELECT password_hash AS hash FROM people WHERE email = $1',
      [sam.email],
    );
    const phc = row!.hash.slice(row!.hash.indexOf('$'));
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verify(phc, sam.password)).toBe(false);
  });
});
