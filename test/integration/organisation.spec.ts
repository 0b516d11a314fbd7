import { deflateSync } from 'node:zlib';
import type { SetUpState } from '../../server/contracts/authentication.js';
import type { TotpSetUp } from '../../server/contracts/factors.js';
import type { AuditEntry } from '../../server/contracts/operations.js';
import type { OrganisationView } from '../../server/contracts/organisation.js';
import type { Page } from '../../server/contracts/paging.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';

const ORGANISATION = '/api/v1/organisation';

/** A chunk of a PNG; nobody who reads it checks the sum at its end. */
const chunk = (name: string, data: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
};
/** A black picture, with further chunks after its head. */
const png = (width = 32, height = 32, further: Buffer = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(8, 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    further,
    chunk('IDAT', deflateSync(Buffer.alloc((Math.min(width, 64) + 1) * Math.min(height, 64)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

describe('the organisation', () => {
  let gatehouse: Gatehouse;
  let admin: ApiClient;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ workers: 0 });
    admin = await ApiClient.signedIn(gatehouse.urls[0]!);
  });
  afterAll(() => gatehouse.stop());

  const save = (body: Record<string, unknown>) => admin.call<OrganisationView>('PUT', ORGANISATION, body);
  const setLogo = (image: Buffer) =>
    admin.call<OrganisationView>('PUT', `${ORGANISATION}/logo`, { image: image.toString('base64') });
  const entries = async (): Promise<AuditEntry[]> =>
    (await admin.call<Page<AuditEntry>>('GET', '/api/v1/audit')).body.items.filter(
      ({ target }) => target.kind === 'organisation',
    );
  const seenByStrangers = async () =>
    (await new ApiClient(gatehouse.urls[0]!).call<SetUpState>('GET', '/api/v1/set-up')).body.organisation;

  it('is named with what was there before in the audit log, and follows in pages and authenticator apps', async () => {
    const change = { name: ' Kestrel Marine ', timeZone: 'Europe/Lisbon' };
    expect(await save(change)).toMatchObject({
      status: 200,
      body: { name: 'Kestrel Marine', timeZone: 'Europe/Lisbon', logo: null },
    });
    await save(change);
    expect(await entries()).toMatchObject([
      {
        action: 'organisation.changed',
        detail: {
          before: { name: '', timeZone: 'UTC' },
          after: { name: 'Kestrel Marine', timeZone: 'Europe/Lisbon' },
        },
      },
    ]);
    expect((await admin.me()).organisation).toEqual({
      name: 'Kestrel Marine',
      timeZone: 'Europe/Lisbon',
      logo: null,
    });
    const begun = await admin.call<TotpSetUp>('POST', '/api/v1/me/factors/totp', {});
    expect(new URL(begun.body.uri).searchParams.get('issuer')).toBe('Kestrel Marine');
    // Without a logo, strangers are not told whose Gatehouse this is.
    expect(await seenByStrangers()).toBeNull();
  });

  it.each([
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(121) }],
    ['name', { name: 'Kestrel\r\nBcc: all@example.com' }],
    ['name', { name: 'Kestrel \u202eeniraM' }],
    ['timeZone', { timeZone: 'Europe/Atlantis' }],
    ['timeZone', { timeZone: '' }],
    ['', { logo: null }],
  ])('refuses a wrong %s', async (path, wrong) => {
    const answer = await save({ name: 'Kestrel', timeZone: 'UTC', ...wrong });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    const { errors } = answer.body as unknown as { errors: { path: string }[] };
    expect(new Set(errors.map((one) => one.path))).toEqual(new Set([path]));
  });

  it('asks for a proof that it is still the administrator', async () => {
    await gatehouse.database.query(`UPDATE sessions SET proved_at = now() - interval '1 hour'`);
    for (const [method, path, body] of [
      ['PUT', ORGANISATION, { name: 'Kestrel', timeZone: 'UTC' }],
      ['PUT', `${ORGANISATION}/logo`, { image: png().toString('base64') }],
      ['DELETE', `${ORGANISATION}/logo`, {}],
    ] as const)
      expect((await admin.call(method, path, body)).body).toMatchObject({ code: 'step_up_required' });
    admin = await ApiClient.signedIn(gatehouse.urls[0]!);
  });

  it('shows its logo to everybody, without what else was in the file, until it is another or removed', async () => {
    const secret = 'taken at 38.7223 N, 9.1393 W <script>alert(1)</script>';
    const given = Buffer.concat([png(48, 32, chunk('tEXt', Buffer.from(secret))), Buffer.from(secret)]);
    const { status, body } = await setLogo(given);
    expect([status, body.logo]).toMatchObject([200, { width: 48, height: 32 }]);
    expect(body.logo!.url).toMatch(/logo\/[0-9a-f]{32}$/);
    expect(await seenByStrangers()).toEqual({ name: 'Kestrel Marine', logo: body.logo });
    const served = await fetch(gatehouse.urls[0]! + body.logo!.url);
    expect(Object.fromEntries(served.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(Buffer.from(await served.arrayBuffer())).toEqual(png(48, 32));

    const next = await setLogo(png(64, 64));
    expect(next.body.logo!.url).not.toBe(body.logo!.url);
    expect((await fetch(gatehouse.urls[0]! + body.logo!.url)).status).toBe(404);
    expect((await admin.me()).organisation.logo).toEqual(next.body.logo);
    const removed = await admin.call<OrganisationView>('DELETE', `${ORGANISATION}/logo`);
    expect(removed.body.logo).toBeNull();
    await admin.call('DELETE', `${ORGANISATION}/logo`);
    expect((await fetch(gatehouse.urls[0]! + next.body.logo!.url)).status).toBe(404);
    expect(await seenByStrangers()).toBeNull();
    expect((await entries()).map(({ action, detail }) => [action, detail['before'], detail['after']])).toMatchObject([
      ['organisation.logo_removed', { size: '64 × 64' }, {}],
      ['organisation.logo_set', { size: '48 × 32' }, { size: '64 × 64' }],
      ['organisation.logo_set', {}, { size: '48 × 32' }],
      ['organisation.changed', {}, {}],
    ]);
  });

  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a page', Buffer.from('<html><script>alert(1)</script></html>')],
    ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00')],
    ['nothing of a picture', Buffer.from('x')],
    ['a PNG that moves', png(32, 32, chunk('acTL', Buffer.alloc(8)))],
    ['half a PNG', png().subarray(0, 50)],
    ['a PNG of a billion pixels', png(32_000, 32_000)],
    ['a dot', png(8, 8)],
    ['a JPEG without a picture', Buffer.from('ffd8ffd9', 'hex')],
  ])('takes no %s', async (_what, image) => {
    const answer = await setLogo(image);
    expect(answer).toMatchObject({ status: 422, body: { code: 'logo_unusable', errors: [{ path: 'image' }] } });
    expect(await seenByStrangers()).toBeNull();
  });

  it('takes no file that is too large, and nothing that isn’t Base64', async () => {
    expect((await setLogo(Buffer.alloc(256 * 1024 + 1))).body).toMatchObject({ code: 'logo_unusable' });
    expect((await setLogo(Buffer.alloc(300 * 1024))).body).toMatchObject({ code: 'invalid_request' });
    expect((await admin.call('PUT', `${ORGANISATION}/logo`, { image: '<svg>' })).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'image' }],
    });
  });
});
