import type { NotificationKind } from '../../../server/contracts/notifications.js';
import {
  addPerson,
  Browser,
  codeOf,
  forgetSteps,
  halfSignIns,
  turnOnTotp,
  withPassword,
} from '../../support/factors.js';
import { ApiClient, eventually } from '../../support/gatehouse.js';
import { type MailedGatehouse, startGatehouseWithMail } from '../../support/mail-server.js';

const ADDRESSES = ['sam@example.com', 'sam@home.example'];

describe('what happens to an account', () => {
  let installation: MailedGatehouse;
  let url: string;
  let staff: ApiClient;
  let sam: { email: string; password: string };
  let id: string;
  let here: ApiClient;

  beforeAll(async () => {
    installation = await startGatehouseWithMail();
    url = installation.gatehouse.urls[0]!;
    staff = await ApiClient.signedIn(url);
    sam = await addPerson(installation.gatehouse, ADDRESSES[0]!);
    here = await ApiClient.signedIn(url, sam);
    id = (await here.me()).person.id;
    await here.call('POST', '/api/v1/me/addresses', { address: ADDRESSES[1] });
    const token = await installation.tokenTo(ADDRESSES[1]!, 'Confirm this address');
    expect((await here.call('POST', '/api/v1/addresses/confirm', { token })).status).toBe(200);
    await told('address_added');
  }, 120_000);
  afterAll(() => installation.stop(), 60_000);

  const sql = <T = unknown>(text: string, values: unknown[] = []): Promise<T[]> =>
    installation.gatehouse.database.query<T[]>(text, values);
  /** Waits until the mail server took the newest message of a kind at every address. */
  const told = async (kind: NotificationKind, addresses: readonly string[] = ADDRESSES): Promise<void> => {
    const sentTo = () =>
      sql<{ recipient: string }>(
        `SELECT DISTINCT recipient FROM notifications WHERE person_id = $1 AND kind = $2 AND state = 'sent' ORDER BY 1`,
        [id, kind],
      );
    await eventually(async () => (await sentTo()).length >= addresses.length, `${kind} is told at every address`);
    expect((await sentTo()).map(({ recipient }) => recipient)).toEqual(addresses);
  };
  const done = async (client: ApiClient, method: string, path: string, body: unknown = {}): Promise<void> =>
    expect([path, (await client.call(method, path, body)).status]).toEqual([path, 200]);

  it('is told at every address: factors, backup codes, a new device, recovery', async () => {
    const { secret } = await turnOnTotp(here);
    await told('factor_added');
    await done(here, 'POST', '/api/v1/me/factors/backup-codes');
    await told('backup_codes_made');
    expect(
      (await withPassword(url, sam).then((half) => half.call('POST', '/api/v1/sign-in/recovery', {}))).status,
    ).toBe(200);
    await told('recovery_started');

    const elsewhere = new Browser(url);
    await forgetSteps(installation.gatehouse);
    await elsewhere.signIn(sam);
    expect(await elsewhere.factor(codeOf(secret))).toBe('signed_in');
    await told('new_device_sign_in');
    await told('recovery_cancelled');
    const { codes } = (await here.call<{ codes: string[] }>('POST', '/api/v1/me/factors/backup-codes', {})).body;
    const halves = await halfSignIns(installation.gatehouse, sam.email, 7);
    for (const [index, half] of halves.entries())
      await done(half, 'POST', '/api/v1/sign-in/factor', { factor: 'backup_code', code: codes[index] });
    await told('backup_codes_low');
    await forgetSteps(installation.gatehouse);
    await done(here, 'POST', '/api/v1/me/factors/turn-off', { code: codeOf(secret) });
    await told('two_step_turned_off');
  }, 60_000);

  it('is told at every address: sessions that somebody else ends, with who and why', async () => {
    const other = await ApiClient.signedIn(url, sam);
    const { sessionId } = await other.me();
    await done(other, 'POST', `/api/v1/me/sessions/${(await here.me()).sessionId}/revoke`);
    expect(await sql(`SELECT FROM notifications WHERE kind = 'session_ended'`)).toEqual([]);
    await done(staff, 'POST', `/api/v1/sessions/${sessionId}/revoke`, { reason: 'Left open in the lobby' });
    await told('session_ended');
    const { text } = await installation.mailTo(ADDRESSES[1]!, 'You were signed out');
    expect(text).toContain('Ana');
    expect(text).toContain('Left open in the lobby');
    const own = await ApiClient.signedIn(url);
    await done(staff, 'POST', `/api/v1/sessions/${(await own.me()).sessionId}/revoke`);
    expect(await sql(`SELECT DISTINCT person_id FROM notifications WHERE kind = 'session_ended'`)).toHaveLength(1);

    here = await ApiClient.signedIn(url, sam);
    const key = await staff.application('Payroll', ['sessions:revoke']);
    const byKey = await new ApiClient(url).call('POST', `/api/v1/people/${id}/sessions/revoke`, {}, bearer(key));
    expect(byKey.status).toBe(200);
    expect((await installation.mailTo(ADDRESSES[0]!, 'You were signed out', 1)).text).toContain('Payroll');
  });

  it('is told at every address: password, role, factors that were reset, and an address that goes', async () => {
    here = await ApiClient.signedIn(url, sam);
    const next = 'eight quick trams at dusk';
    await done(here, 'POST', '/api/v1/me/password', { current: sam.password, next });
    await told('password_changed');
    await turnOnTotp(here);
    const reset = { identityCheck: 'call_back', note: 'called the number on file' };
    await done(staff, 'POST', `/api/v1/people/${id}/factors/reset`, reset);
    await told('factors_reset');
    await done(staff, 'PATCH', `/api/v1/people/${id}`, { role: 'manager' });
    await told('role_changed');
    await done(staff, 'POST', `/api/v1/people/${id}/require-password`);
    await told('password_change_required');
    await sql('UPDATE people SET password_change_required_at = NULL WHERE id = $1', [id]);

    here = await ApiClient.signedIn(url, { ...sam, password: next });
    const { body } = await here.call<{ items: { id: string | null }[] }>('GET', '/api/v1/me/addresses');
    const further = `/api/v1/me/addresses/${body.items[1]!.id}`;
    // Nobody switches messages off in silence.
    await done(here, 'PATCH', further, { notices: false });
    await told('notices_stopped');
    await done(here, 'DELETE', further);
    await told('address_removed');
  });
});

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
