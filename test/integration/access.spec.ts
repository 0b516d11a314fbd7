import { type Role, roles } from '../../server/contracts/people.js';
import type { ErrorCode } from '../../server/contracts/errors.js';
import { type Scope, scopes } from '../../server/contracts/applications.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { addPerson, browserOf } from '../support/sessions.js';

type Operation = {
  security: { session?: []; key?: [Scope]; signIn?: [] }[];
  'x-roles'?: Role[];
  parameters: { required: boolean }[];
};
/** A route with its access rule, as the running server declares it. */
type Route = {
  method: string;
  path: string;
  takesSession: boolean;
  roles: Role[];
  scope: Scope | undefined;
  /** For a sign-in that lacks a factor, and for nobody else. */
  isStep: boolean;
  /** Answers without being told anything: no id in its path, no query that it must have. */
  isPlain: boolean;
};

/** Answers of the gate itself; whatever else comes back, the caller was let in. */
const GATE = new Set<unknown>([
  'not_signed_in',
  'session_ended',
  'forbidden',
  'missing_scope',
  'invalid_key',
  'cross_site',
  'sign_in_expired',
] satisfies ErrorCode[]);
const NO_ID = '00000000-0000-4000-8000-000000000000';

describe('the gate in front of every route', () => {
  let gatehouse: Gatehouse;
  let routes: Route[];
  const people = new Map<Role, string>();
  const keys = new Map<Scope, string>();

  beforeAll(async () => {
    // No worker: what the calls below start is never carried out.
    gatehouse = await startGatehouse({ workers: 0 });
    const admin = await ApiClient.signedIn(gatehouse.urls[0]!);
    routes = await routesOf(admin);
    for (const role of roles) people.set(role, await addPerson(gatehouse, role));
    for (const scope of scopes) keys.set(scope, await admin.application(`For ${scope}`, [scope]));
  });
  afterAll(() => gatehouse.stop());

  /** A session of its own for each call, as some calls end sessions. */
  const as = (role: Role): Promise<ApiClient> => browserOf(gatehouse, { id: people.get(role)!, role });
  const call = async (client: ApiClient, { method, path }: Route, headers: Record<string, string> = {}) => {
    const { status, body } = await client.call(
      method,
      path.replace(/\{\w+\}/g, NO_ID),
      method === 'GET' ? undefined : '{}',
      {
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    );
    return { status, code: body['code'] };
  };
  const stranger = (): ApiClient => new ApiClient(gatehouse.urls[0]!);
  const withKey = (scope: Scope) => ({ authorization: `Bearer ${keys.get(scope)!}` });
  const closed = (): Route[] => routes.filter(({ takesSession, scope }) => takesSession || scope !== undefined);
  /** What a browser can be made to send: everything but recording, which takes keys and no cookie. */
  const changing = (): Route[] =>
    routes.filter(({ method, takesSession, scope }) => method !== 'GET' && (takesSession || scope === undefined));

  it('knows the routes of every part', () => {
    expect(closed().length).toBeGreaterThan(25);
    expect(changing().length).toBeGreaterThan(10);
    expect(routes.filter(({ roles: allowed }) => allowed.length > 0).length).toBeGreaterThan(15);
  });

  it.each(roles)('lets %s into what the rules name, and into nothing else', async (role) => {
    for (const route of closed()) {
      const answer = await call(await as(role), route);
      const allowed = route.takesSession && (route.roles.length === 0 || route.roles.includes(role));
      const expected = allowed ? 'let in' : route.takesSession ? 'forbidden' : 'invalid_key';
      expect([route.method, route.path, GATE.has(answer.code) ? answer.code : 'let in']).toEqual([
        route.method,
        route.path,
        expected,
      ]);
      expect(answer.status).toBeLessThan(500);
      if (allowed && route.method === 'GET' && route.isPlain)
        expect([route.path, answer.status]).toEqual([route.path, 200]);
    }
  });

  it('lets nobody in without a session or a key', async () => {
    for (const route of closed()) {
      const code = route.takesSession ? 'not_signed_in' : 'invalid_key';
      expect([route.path, await call(stranger(), route)]).toEqual([route.path, { status: 401, code }]);
    }
  });

  it('lets a key in by its scope alone', async () => {
    for (const route of closed()) {
      for (const scope of scopes) {
        const answer = await call(stranger(), route, withKey(scope));
        const where = [route.method, route.path, scope];
        if (route.scope === undefined) expect([...where, answer]).toEqual([...where, refused(401, 'not_signed_in')]);
        else if (route.scope === scope) expect([...where, GATE.has(answer.code)]).toEqual([...where, false]);
        else expect([...where, answer]).toEqual([...where, refused(403, 'missing_scope')]);
      }
    }
  });

  it('lets neither sessions nor keys into the steps of a sign-in', async () => {
    const steps = routes.filter(({ isStep }) => isStep);
    expect(steps.length).toBeGreaterThan(3);
    for (const route of steps)
      for (const [client, headers] of [
        [stranger(), {}],
        [await as('admin'), {}],
        [stranger(), withKey('people:write')],
      ] as const)
        expect([route.path, await call(client, route, headers)]).toEqual([route.path, refused(401, 'sign_in_expired')]);
  });

  it('asks nobody who he is on public routes', async () => {
    const open = routes.filter(({ takesSession, scope, isStep }) => !takesSession && scope === undefined && !isStep);
    expect(open.map(({ path }) => path)).toContain('/api/v1/sign-in');
    for (const route of open) {
      const { code } = await call(stranger(), route);
      expect([route.path, GATE.has(code)]).toEqual([route.path, false]);
    }
  });

  const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];
  const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none'];
  const origins = [undefined, 'own', 'https://evil.example', 'null'];
  const table = types.flatMap((type) => sites.flatMap((site) => origins.map((origin) => ({ type, site, origin }))));
  const isOurs = ({ type, site, origin }: (typeof table)[number]): boolean =>
    type === 'application/json' &&
    (site === undefined || site === 'same-origin') &&
    (origin === undefined || origin === 'own');

  it('refuses every change that another site could make a browser send', async () => {
    const victim = await as('admin');
    for (const route of changing()) {
      for (const row of table.filter((each) => !isOurs(each))) {
        const answer = await call(victim, route, headersOf(row, victim.url));
        const expected = row.type === 'application/json' ? [403, 'cross_site'] : [415, 'unsupported_media_type'];
        const where = [route.method, route.path, row.type, row.site, row.origin];
        expect([...where, answer.status, answer.code]).toEqual([...where, ...expected]);
      }
    }
    expect((await victim.call('GET', '/api/v1/me')).status).toBe(200);
  });

  it('takes the same changes from the console itself', async () => {
    for (const route of changing()) {
      for (const row of table.filter(isOurs)) {
        const answer = await call(await as('admin'), route, headersOf(row, gatehouse.urls[0]!));
        expect([route.path, row.site, row.origin, answer.code]).not.toContain('cross_site');
      }
    }
  });
});

const refused = (status: number, code: ErrorCode) => ({ status, code });

function headersOf(row: { type: string; site: string | undefined; origin: string | undefined }, url: string) {
  const headers: Record<string, string> = { 'content-type': row.type };
  if (row.site !== undefined) headers['sec-fetch-site'] = row.site;
  if (row.origin !== undefined) headers['origin'] = row.origin === 'own' ? url : row.origin;
  return headers;
}

async function routesOf(client: ApiClient): Promise<Route[]> {
  const { body } = await client.call<{ paths: Record<string, Record<string, Operation>> }>('GET', '/api/openapi.json');
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      takesSession: operation.security.some(({ session }) => session !== undefined),
      roles: operation['x-roles'] ?? [],
      isStep: operation.security.some(({ signIn }) => signIn !== undefined),
      scope: operation.security.find(({ key }) => key !== undefined)?.key?.[0],
      isPlain: !operation.parameters.some(({ required }) => required),
    })),
  );
}
