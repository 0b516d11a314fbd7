import { randomBytes } from 'node:crypto';
import type { AlertDetail, AlertView } from '../../../server/contracts/alerts.js';
import type { FactorRequired, FactorsView } from '../../../server/contracts/factors.js';
import type { AuditEntry } from '../../../server/contracts/operations.js';
import type { Page } from '../../../server/contracts/paging.js';
import type { RecoveryLinkView, RecoveryOffer } from '../../../server/contracts/recovery.js';
import { sha256 } from '../../../server/platform/crypto.js';
import { addPerson, codeOf, forgetSteps, halfSignIns, turnOnTotp, withPassword } from '../../support/factors.js';
import { ApiClient, eventually } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';

type Who = { email: string; password: string };
const START = '/api/v1/sign-in/recovery';

describe('recovery when every second factor is lost, on two servers', () => {
  let installation: MailedGatehouse;
  let urls: [string, string];
  let staff: ApiClient;

  beforeAll(async () => {
    installation = await startGatehouseWithMail({ servers: 2 });
    urls = installation.gatehouse.urls as [string, string];
    staff = await ApiClient.signedIn(urls[0]);
  }, 120_000);
  afterAll(() => installation.stop(), 60_000);

  const sql = <T = unknown>(text: string, values: unknown[] = []): Promise<T[]> =>
    installation.gatehouse.database.query<T[]>(text, values);
  const idOf = async ({ email }: Who): Promise<string> =>
    (await sql<{ id: string }>('SELECT id FROM people WHERE email = $1', [email]))[0]!.id;
  /** Somebody with an authenticator app that was set up a while ago. */
  const withApp = async (email: string): Promise<Who & { secret: string; session: ApiClient }> => {
    const who = await addPerson(installation.gatehouse, email);
    const session = await ApiClient.signedIn(urls[0], who);
    const { secret } = await turnOnTotp(session);
    await sql(
      `UPDATE authenticators SET confirmed_at = now() - interval '9 days', last_used_at = NULL, last_step = NULL WHERE person_id = $1`,
      [await idOf(who)],
    );
    return { ...who, secret, session };
  };
  const passwordOf = (url: string, { email, password }: Who) => withPassword(url, { email, password });
  const signedIn = (url: string, { email, password }: Who) => ApiClient.signedIn(url, { email, password });
  const start = async (who: Who): Promise<ApiClient> => {
    await sql(`DELETE FROM limits WHERE key LIKE 'recovery:%' OR key LIKE 'sign-in:%'`);
    const half = await passwordOf(urls[0], who);
    expect(await half.call<RecoveryOffer>('POST', START, {})).toMatchObject({ status: 200, body: { hours: 72 } });
    return half;
  };
  const shift = (who: string, hours: number) =>
    sql(
      `UPDATE recoveries SET started_at = started_at - make_interval(hours => $2), ready_at = ready_at - make_interval(hours => $2),
         remind_at = remind_at - make_interval(hours => $2) WHERE person_id = $1`,
      [who, hours],
    );
  /** As after the wait, without waiting for mail. @returns the token of the link */
  const linkOf = async (who: Who): Promise<string> => {
    const [id, token] = [await idOf(who), randomBytes(32).toString('base64url')];
    await sql(
      `UPDATE recoveries SET ready_at = now(), remind_at = NULL, link_expires_at = now() + interval '1 day' WHERE person_id = $1 AND ended_at IS NULL`,
      [id],
    );
    await sql(
      `INSERT INTO account_links (token_hash, purpose, person_id, expires_at, sent_to) SELECT $1, 'recover_account', id, now() + interval '1 day', ARRAY[email] FROM people WHERE id = $2`,
      [sha256(token), id],
    );
    return token;
  };
  const complete = (client: ApiClient, token: string) => client.call('POST', `${START}/complete`, { token });
  const cancel = (token: string) => new ApiClient(urls[1]).call('POST', '/api/v1/recovery/cancel', { token });
  const audited = async (action: string): Promise<AuditEntry> =>
    (await staff.call<Page<AuditEntry>>('GET', `/api/v1/audit?action=${action}`)).body.items[0]!;
  /** The newest alert about a recovery of somebody: where it stands, and the last line of its history. */
  const alertOf = async (who: Who): Promise<string> => {
    const path = `/api/v1/alerts?kind=recovery-started&status=all&person=${await idOf(who)}`;
    const { items } = (await staff.call<Page<AlertView>>('GET', path)).body;
    const { status, verdict, history } = (await staff.call<AlertDetail>('GET', `/api/v1/alerts/${items[0]!.id}`)).body;
    const last = history.at(-1);
    return `${status} ${verdict}, ${last?.by} ${last?.kind}: ${last?.note}`;
  };
  const factorsOf = async (who: Who): Promise<FactorsView> =>
    (await staff.call<FactorsView>('GET', `/api/v1/people/${await idOf(who)}/factors`)).body;

  it('tells every address, the manager and security at once, and is cancelled from the mail, signed out, once', async () => {
    const sam = await withApp('sam@example.com');
    const boss = await addPerson(installation.gatehouse, 'boss@example.com', 'manager');
    await sql('UPDATE people SET manager_id = $2 WHERE id = $1', [await idOf(sam), await idOf(boss)]);
    await sql(
      `INSERT INTO person_addresses (id, person_id, address, address_key, confirmed_at, receives_notices)
       VALUES (gen_random_uuid(), $1, 'sam@home.example', 'sam@home.example', now(), false)`,
      [await idOf(sam)],
    );
    const half = await start(sam);
    expect((await half.call('POST', START, { hours: 1 })).status).toBe(400);
    const { recovery } = (await half.call<FactorRequired>('GET', '/api/v1/sign-in')).body;
    expect(recovery.open).toMatchObject({ addresses: ['s•••@example.com', 's•••@home.example'], linkExpiresAt: null });
    expect((await factorsOf(sam)).recovery).not.toBeNull();
    expect((await sam.session.me()).twoStep.recovering).toBe(true);
    const token = await installation.tokenTo('sam@home.example', 'Account recovery was started');
    await installation.mailTo(sam.email, 'Account recovery was started');
    for (const address of [boss.email, 'ana@example.com'])
      await installation.mailTo(address, 'Account recovery of sam was started');
    const { items } = (await staff.call<Page<AlertView>>('GET', '/api/v1/alerts?kind=recovery-started')).body;
    expect(items).toMatchObject([{ severity: 'high', status: 'new', person: { name: 'sam' } }]);

    // The password alone: asking again neither shortens nor renews, and a link that cancels completes nothing.
    expect((await half.call<RecoveryOffer>('POST', START, {})).body.open).toEqual(recovery.open);
    expect((await complete(half, token)).body).toMatchObject({ code: 'link_invalid' });
    const look = await new ApiClient(urls[1]).call<RecoveryLinkView>('POST', '/api/v1/recovery/link', { token });
    expect(look.body).toMatchObject({ purpose: 'cancel_recovery', email: 's•••@example.com' });
    const uses = await Promise.all(Array.from({ length: 10 }, () => cancel(token)));
    expect(uses.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(uses.filter(({ status }) => status === 410)).toHaveLength(9);
    await installation.mailTo(sam.email, 'Account recovery was cancelled');
    expect(await audited('recovery.cancelled')).toMatchObject({
      detail: { before: { recovery: 'waiting' }, after: { recovery: 'none' } },
    });
    expect(await alertOf(sam)).toBe(
      'resolved null, null resolved: The recovery is over. It was cancelled by a link in a message about it.',
    );
    expect((await sam.session.me()).twoStep.recovering).toBe(false);
  }, 60_000);

  it('after the wait mails a link to the addresses of the beginning, which one of 50 uses at once can take', async () => {
    const kim = await withApp('kim@example.com');
    const id = await idOf(kim);
    const half = await start(kim);
    await sql(
      `INSERT INTO person_addresses (id, person_id, address, address_key, confirmed_at) VALUES (gen_random_uuid(), $1, 'new@example.com', 'new@example.com', now())`,
      [id],
    );
    await shift(id, 37);
    await installation.mailTo('new@example.com', 'Account recovery is under way');
    await shift(id, 36);
    const token = await installation.tokenTo(kim.email, 'Your account recovery is ready');
    expect(
      installation.mail.received.filter(({ to, raw }) => to === 'new@example.com' && raw.includes('is ready')),
    ).toEqual([]);
    const stranger = await withApp('pat@example.com');
    expect((await complete(await passwordOf(urls[1], stranger), token)).body).toMatchObject({ code: 'link_invalid' });

    await sql(`DELETE FROM limits WHERE key LIKE 'recovery:%'`);
    await sql(`UPDATE authenticators SET confirmed_at = now() - interval '9 days' WHERE person_id = $1`, [id]);
    const uses = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const same = new ApiClient(urls[index % 2 === 0 ? 0 : 1]);
        same.cookie = half.cookie;
        return { ...(await complete(same, token)), client: same };
      }),
    );
    const won = uses.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect((await kim.session.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    const { detail } = await audited('recovery.completed');
    expect(detail).toMatchObject({ before: { recovery: 'link mailed' }, after: { recovery: 'none', factors: '' } });
    expect(JSON.stringify(detail['before'])).toContain('totp: Authenticator app');
    expect(await alertOf(kim)).toMatch(/^new null, null noted: The recovery was completed/);

    // Neither this session nor one that the password opens now can do anything but set a new factor up.
    for (const client of [won[0]!.client, await signedIn(urls[1], kim)]) {
      expect((await client.me()).confinedTo).toBe('factor_set_up');
      expect((await client.call('GET', '/api/v1/me/sessions')).body).toMatchObject({ code: 'set_up_required' });
    }
    expect((await turnOnTotp(won[0]!.client)).backupCodes).toHaveLength(10);
    expect((await won[0]!.client.me()).confinedTo).toBeNull();
    expect((await complete(await passwordOf(urls[0], kim), token)).body).toMatchObject({ code: 'link_invalid' });
  }, 90_000);

  it('is nothing that a mailbox alone can do: neither start it, nor go on with one, nor sign in', async () => {
    const zoe = await withApp('zoe@example.com');
    const id = await idOf(zoe);
    const reset = async (): Promise<void> => {
      const token = randomBytes(32).toString('base64url');
      await sql(
        `INSERT INTO account_links (token_hash, purpose, person_id, expires_at, sent_to) SELECT $1, 'reset_password', id, now() + interval '1 hour', ARRAY[email] FROM people WHERE id = $2`,
        [sha256(token), id],
      );
      const chosen = { token, password: zoe.password };
      expect((await new ApiClient(urls[1]).call('POST', '/api/v1/password/reset', chosen)).status).toBe(200);
    };
    const confirmBy = async (half: ApiClient): Promise<void> => {
      await forgetSteps(installation.gatehouse, zoe.email);
      const answered = await half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(zoe.secret) });
      expect(answered.status).toBe(200);
      await sql(`UPDATE authenticators SET last_used_at = NULL WHERE person_id = $1`, [id]);
    };
    await sql(
      `INSERT INTO authenticators (id, person_id, kind, name, confirmed_at) VALUES (gen_random_uuid(), $1, 'email', 'Mail', now() - interval '9 days')`,
      [id],
    );
    const begun = await start(zoe);
    expect((await begun.call('POST', '/api/v1/sign-in/factor/send', {})).status).toBe(200);
    await reset();
    expect((await installation.mailTo(zoe.email, 'Account recovery was cancelled')).text).toContain('mailed link');
    expect((await factorsOf(zoe)).recovery).toBeNull();

    const half = await passwordOf(urls[0], zoe);
    const { recovery, options } = (await half.call<FactorRequired>('GET', '/api/v1/sign-in')).body;
    expect(recovery).toEqual({ hours: null, open: null });
    expect(options.map(({ factor }) => factor)).toEqual(['totp', 'backup_code']);
    expect((await half.call('POST', START, {})).body).toMatchObject({ code: 'recovery_not_allowed' });
    expect((await half.call('POST', '/api/v1/sign-in/factor/send', {})).body).toMatchObject({ code: 'wrong_code' });

    // With a second factor shown the password is the owner's. One reset after the beginning completes nothing either.
    await confirmBy(half);
    const again = await start(zoe);
    await sql('UPDATE people SET password_mailed_at = now() WHERE id = $1', [id]);
    expect((await complete(again, await linkOf(zoe))).body).toMatchObject({ code: 'link_invalid' });
    await sql('UPDATE people SET password_mailed_at = NULL WHERE id = $1', [id]);
    expect((await complete(again, await linkOf(zoe))).status).toBe(200);
  });

  it('never completes what was cancelled, whoever is faster', async () => {
    const lee = await withApp('lee@example.com');
    const outcomes = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      const half = await start(lee);
      const token = await linkOf(lee);
      const other = await sql<{ id: string }>('SELECT id FROM recoveries WHERE ended_at IS NULL AND person_id = $1', [
        await idOf(lee),
      ]);
      const canceller = new ApiClient(urls[1]);
      canceller.cookie = half.cookie;
      const [done, stopped] = await Promise.all([complete(half, token), canceller.call('DELETE', START)]);
      expect([done.status, stopped.status].filter((status) => status === 200)).toHaveLength(1);
      const [row] = await sql<{ ended_as: string }>('SELECT ended_as FROM recoveries WHERE id = $1', [other[0]!.id]);
      expect(row!.ended_as).toBe(done.status === 200 ? 'completed' : 'cancelled');
      outcomes.add(row!.ended_as);
      if (done.status !== 200) continue;
      await turnOnTotp(half);
      await sql(
        `UPDATE authenticators SET confirmed_at = now() - interval '9 days', removed_at = removed_at - interval '9 days' WHERE person_id = $1`,
        [await idOf(lee)],
      );
      await sql(`UPDATE recoveries SET ended_at = ended_at - interval '10 days' WHERE person_id = $1`, [
        await idOf(lee),
      ]);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  }, 60_000);

  it('ends by itself, and says so, when a second factor is shown', async () => {
    const max = await withApp('max@example.com');
    const half = await start(max);
    const token = await linkOf(max);
    await forgetSteps(installation.gatehouse, max.email);
    const code = codeOf(max.secret);
    expect((await half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code })).status).toBe(200);
    expect((await factorsOf(max)).recovery).toBeNull();
    const { text } = await installation.mailTo(max.email, 'Account recovery was cancelled');
    expect(text).toContain('A second factor of the account was used');
    expect(await alertOf(max)).toMatch(/^resolved null, null resolved: .*A second factor of the account was used/);
    expect((await complete(await passwordOf(urls[1], max), token)).body).toMatchObject({ code: 'link_invalid' });
  });

  it('is cancelled by its owner and by an administrator, and started so often only', async () => {
    const eva = await withApp('eva@example.com');
    const half = await start(eva);
    expect((await eva.session.call('DELETE', '/api/v1/me/recovery')).status).toBe(200);
    expect((await eva.session.call('DELETE', '/api/v1/me/recovery')).status).toBe(404);
    const path = `/api/v1/people/${await idOf(eva)}/recovery`;
    await half.call('POST', START, {});
    expect((await eva.session.call('DELETE', path)).body).toMatchObject({ code: 'forbidden' });
    expect((await staff.call('DELETE', path)).status).toBe(200);
    await half.call('POST', START, {});
    await half.call('DELETE', START);
    // The password alone, which began it, does not take the alert away.
    expect(await alertOf(eva)).toMatch(/^new null, null noted: .*on the sign-in page, with the password/);
    expect((await half.call('POST', START, {})).body).toMatchObject({ code: 'too_many_tries' });
  });

  it('is completed by one of two sign-ins that try at once, and the other is told so', async () => {
    const uma = await withApp('uma@example.com');
    for (let round = 0; round < 8; round += 1) {
      await sql(`UPDATE authenticators SET confirmed_at = now() - interval '9 days' WHERE person_id = $1`, [
        await idOf(uma),
      ]);
      await start(uma);
      const token = await linkOf(uma);
      const halves = await halfSignIns(installation.gatehouse, uma.email, 6);
      const answers = await Promise.all(halves.map((half) => complete(half, token)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 401, 401, 401, 401, 401]);
      await turnOnTotp(halves[answers.findIndex(({ status }) => status === 200)]!);
    }
  }, 60_000);

  it('is over when nobody uses the link, and where the organisation allows none', async () => {
    const ida = await withApp('ida@example.com');
    await start(ida);
    await linkOf(ida);
    await sql(`UPDATE recoveries SET link_expires_at = now() WHERE person_id = $1 AND ended_at IS NULL`, [
      await idOf(ida),
    ]);
    await eventually(async () => (await factorsOf(ida)).recovery === null, 'the recovery is over');
    const half = await start(ida);
    const token = await linkOf(ida);
    await sql('UPDATE sign_in_policy SET recovery_hours = NULL');
    expect((await complete(half, token)).body).toMatchObject({ code: 'link_invalid' });
    await eventually(async () => (await factorsOf(ida)).recovery === null, 'the recovery is ended');
    await sql(`DELETE FROM limits WHERE key LIKE 'recovery:%'`);
    expect((await half.call('POST', START, {})).body).toMatchObject({ code: 'recovery_not_allowed' });
  });
});
