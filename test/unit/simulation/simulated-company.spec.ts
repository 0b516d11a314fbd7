import type { Scope } from '../../../server/contracts/applications.js';
import { applicationNames } from '../../../server/simulation/domain/applications.js';
import { simulate } from '../../../server/simulation/simulate.js';
import { startCompany, type CompanyPort } from '../../../server/simulation/simulated-company.js';
import { FakeServer, FakeTime } from './fake-server.js';

type Key = { applicationId: string; scopes: readonly Scope[]; revoked: boolean };

class FakeHouse implements CompanyPort {
  readonly applications: { id: string; name: string }[] = [];
  readonly keys = new Map<string, Key>();
  removals = 0;
  failAfter = Infinity;
  constructor(private readonly taken: readonly string[] = []) {}

  listApplications = () => Promise.resolve(this.applications);
  createApplication = (name: string) => {
    if (this.taken.includes(name)) return Promise.resolve(null);
    const application = { id: `app-${this.applications.length}`, name };
    this.applications.push(application);
    return Promise.resolve(application);
  };
  createKey = (applicationId: string, scopes: readonly Scope[]) => {
    if (this.keys.size >= this.failAfter) return Promise.reject(new Error('disk full'));
    const id = `key-${this.keys.size}`;
    this.keys.set(id, { applicationId, scopes, revoked: false });
    return Promise.resolve({ id, key: `secret ${id}` });
  };
  revokeKey = (applicationId: string, keyId: string) => {
    const key = this.keys.get(keyId);
    if (key?.applicationId === applicationId) key.revoked = true;
    return Promise.resolve();
  };
  removeEverything = () => {
    this.removals++;
    return Promise.resolve({ applications: 6, people: 200, attempts: 45_000 });
  };
  open = () => [...this.keys.values()].filter(({ revoked }) => !revoked);
}

describe('opening the simulated company', () => {
  it('creates six applications, a key each that can only record, and one that can only write people', async () => {
    const house = new FakeHouse();
    const company = await startCompany(house);
    expect(company.applications.map(({ name }) => name)).toEqual(applicationNames);
    expect(house.open().map(({ scopes }) => scopes)).toEqual([
      ...applicationNames.map(() => ['attempts:write']),
      ['people:write'],
    ]);
    expect(new Set([company.peopleKey, ...company.applications.map(({ key }) => key)]).size).toBe(7);
    await company.close();
    expect(house.open()).toEqual([]);
  });

  it('uses what is there already, with fresh keys', async () => {
    const house = new FakeHouse();
    await startCompany(house);
    const again = await startCompany(house);
    expect(house.applications).toHaveLength(6);
    await again.close();
    expect(house.open()).toHaveLength(7);
  });

  it('steps aside where a connected application has the name', async () => {
    const house = new FakeHouse(['Wiki']);
    await startCompany(house);
    const again = await startCompany(house);
    expect(house.applications.map(({ name }) => name)).toContain('Wiki (simulated)');
    expect(again.applications[2]).toMatchObject({ name: 'Wiki' });
    expect(house.applications).toHaveLength(6);
  });

  it('leaves no key behind when it fails half way', async () => {
    const house = new FakeHouse();
    house.failAfter = 4;
    await expect(startCompany(house)).rejects.toThrow('disk full');
    expect(house.open()).toEqual([]);
  });
});

describe('gatehouse simulate', () => {
  const stage = () => {
    const time = new FakeTime(Date.parse('2026-11-24T10:00:00Z'));
    const server = new FakeServer(time);
    const house = new FakeHouse();
    const deps = {
      company: house,
      signal: new AbortController().signal,
      fetch: server.fetch,
      clock: time.clock,
      sleep: time.sleep,
    };
    return { server, house, deps };
  };

  it('plays one attack without history and ends its keys', async () => {
    const { server, house, deps } = stage();
    const result = await simulate({ url: 'http://127.0.0.1:1', drill: 'travel', once: true }, deps);
    expect(server.requests.flatMap(({ attempts }) => attempts)).toHaveLength(4);
    expect(result).toMatchObject({ sent: { recorded: 4, people: 200, drill: null } });
    expect(house.open()).toEqual([]);
  });

  it('tells as many days as asked for and stops with --once', async () => {
    const { server, deps } = stage();
    await simulate({ url: 'http://127.0.0.1:1', once: true, days: 1 }, deps);
    const times = server.requests.flatMap(({ attempts }) => attempts.map(({ occurredAt }) => occurredAt));
    expect(times.length).toBeGreaterThan(1_000);
    expect(times.every((at) => at >= '2026-11-23T10:00' && at < '2026-11-24T10:00')).toBe(true);
  });

  it('takes everything away', async () => {
    const { server, house, deps } = stage();
    const result = await simulate({ url: 'http://127.0.0.1:1', remove: true }, deps);
    expect(result).toEqual({ removed: { applications: 6, people: 200, attempts: 45_000 } });
    expect([house.removals, house.keys.size, server.bodies.length]).toEqual([1, 0, 0]);
  });

  it('ends its keys when the server refuses', async () => {
    const { server, house, deps } = stage();
    server.answers.push(Response.json({ code: 'missing_scope', title: 'No.' }, { status: 403 }));
    await expect(simulate({ url: 'http://127.0.0.1:1' }, deps)).rejects.toMatchObject({ code: 'missing_scope' });
    expect(house.open()).toEqual([]);
  });
});
