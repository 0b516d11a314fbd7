import type { AlertView } from '../../server/contracts/alerts.js';
import type { Assessment } from '../../server/contracts/decisions.js';
import type { ContainmentReceipt, IncidentDetail, IncidentView } from '../../server/contracts/incidents.js';
import type { Page } from '../../server/contracts/paging.js';
import { leadIncident } from '../../server/incidents/lead-incident.js';
import { addPerson } from '../support/factors.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { openLive } from '../support/live.js';
import { settleIn } from '../support/suspicion.js';

const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0.0.0 Safari/537.36';

describe('incidents', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let key: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2, workers: 2, env: { TRUSTED_PROXIES: '127.0.0.1' } });
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail', ['decide', 'attempts:write']);
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names what it expects, as the answer is JSON from outside
  const send = <T>(path: string, body: unknown) =>
    new ApiClient(gatehouse.urls[0]!).call<T>('POST', path, body, { authorization: `Bearer ${key}` });
  const record = async (attempts: unknown[]): Promise<void> => {
    expect((await send('/api/v1/attempts', attempts)).body).toMatchObject({ recorded: attempts.length });
  };
  const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1_000).toISOString();
  /** Guesses of one address at names, two seconds apart, that end now. */
  const guesses = (ip: string, names: readonly string[], over: Record<string, unknown> = {}) =>
    names.map((name, index) =>
      anAttempt({ ip, userAgent, subject: `${name}@example.com`, occurredAt: at((names.length - index) * 2), ...over }),
    );
  const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const incidents = async (query = '') =>
    (await staff.call<Page<IncidentView>>('GET', `/api/v1/incidents${query}`)).body.items;
  const detail = async (id: string) => (await staff.call<IncidentDetail>('GET', `/api/v1/incidents/${id}`)).body;
  /** The one incident that an address is a source of, once it is there and counts so many attempts. */
  const incidentOf = (ip: string, attempts: number) =>
    eventually(async () => {
      const [row] = await gatehouse.database.query<{ id: string }[]>(
        `SELECT i.id FROM incidents i JOIN incident_sources s ON s.incident_id = i.id WHERE s.ip = $1 AND i.attempts = $2`,
        [ip, attempts],
      );
      return row && (await detail(row.id));
    }, `${ip} is in an incident of ${attempts} attempts`);

  it('make one of all alerts that count the same attempts, and count each attempt once', async () => {
    const socket = await openLive(staff);
    const told: IncidentView[] = [];
    socket.on('incident.changed', (incident) => told.push(incident));
    const addresses = named('203.0.113.', 30);
    await record(addresses.flatMap((ip, index) => guesses(ip, named(`n${index}-`, 7))));
    const incident = await incidentOf('203.0.113.0', 210);
    expect(incident).toMatchObject({ status: 'new', failures: 210, subjects: 210, sources: 30, gotIn: 0 });
    expect(incident.kinds.length).toBeGreaterThan(1);
    expect(incident.topSources.map(({ attempts }) => attempts)).toEqual(Array(30).fill(7));
    // Thirty addresses fail seven times each: what one can look through is raised, the others are in its counts.
    const about = incident.members.filter(({ kind }) => kind !== 'brute-force-person');
    expect(about.length).toBeLessThanOrEqual(10);
    const open = (await staff.call<Page<AlertView>>('GET', '/api/v1/alerts?folded=true')).body.items;
    expect(open.map(({ incident: part }) => part?.id)).toEqual([incident.id]);
    expect(open[0]).toMatchObject({ incident: { lead: true, alerts: incident.alerts, number: incident.number } });
    await eventually(async () => told.some(({ id, attempts }) => id === incident.id && attempts === 210), 'it is told');
    socket.disconnect();
  });

  it('are taken and resolved as one, and opened again by one more alert', async () => {
    await record(guesses('198.18.7.7', named('again', 9)));
    const incident = await incidentOf('198.18.7.7', 9);
    const lead = `/api/v1/alerts/${incident.leadId}`;
    await staff.call('PATCH', lead, { action: 'take' });
    await staff.call('PATCH', lead, { action: 'resolve', verdict: 'benign' });
    const resolved = await detail(incident.id);
    expect(resolved).toMatchObject({ status: 'resolved', verdict: 'benign', assignee: { name: 'Ana' } });
    expect(resolved.members.map(({ status }) => status)).toEqual(resolved.members.map(() => 'resolved'));
    expect((await incidents()).map(({ id }) => id)).not.toContain(incident.id);
    // The same person again and again: another kind, by the same attempts.
    await record(guesses('198.18.7.7', Array(20).fill('again1')));
    const opened = await incidentOf('198.18.7.7', 29);
    expect(opened).toMatchObject({ id: incident.id, status: 'in_progress', verdict: null });
    expect(opened.history.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['alert_joined', 'reopened']));
  });

  it('become one when an attack turns out to be the same', async () => {
    const [one, two] = ['198.19.5.10', '198.19.5.20'];
    await record(guesses(one, Array(6).fill('ina')));
    await record(guesses(two, Array(6).fill('ivo')));
    const first = await incidentOf(one, 6);
    const second = await incidentOf(two, 6);
    expect(second.id).not.toBe(first.id);
    // The neighbourhood of both: a spray, whose attempts are those of both.
    await record(named('198.19.5.', 12).flatMap((ip, index) => guesses(ip, named(`s${index}-`, 2))));
    const both = await incidentOf(one, 36);
    expect(both.id).toBe(first.id);
    expect(both).toMatchObject({ failures: 36, sources: 13 });
    expect(both.history.map(({ kind }) => kind)).toContain('merged');
    expect((await staff.call('GET', `/api/v1/incidents/${second.id}`)).status).toBe(404);
    expect(both.members.map(({ ip }) => ip)).toEqual(expect.arrayContaining([one, two]));
  });

  it('take in a suspicious sign-in of shortly before, when failures for the same person follow from elsewhere', async () => {
    const failing = { subject: 'lou@example.com' };
    await addPerson(gatehouse, 'lou@example.com');
    await settleIn(gatehouse.urls[0]!, key, ['lou@example.com']);
    await record([
      anAttempt({
        ip: '5.188.10.7',
        ...failing,
        userAgent: 'curl/8.5.0',
        occurredAt: at(55 * 60),
        outcome: 'success',
        reason: undefined,
      }),
    ]);
    const ip = '45.33.32.99';
    await eventually(
      async () => (await staff.call<Page<AlertView>>('GET', '/api/v1/alerts?ip=5.188.10.7')).body.items.length === 1,
      'the sign-in is an alert of its own',
    );
    const every3Minutes = (n: number, from: number) =>
      Array.from({ length: n }, (_, i) => anAttempt({ ...failing, ip, occurredAt: at(60 * (from - i * 3)) }));
    await record(every3Minutes(4, 50));
    const incident = await incidentOf(ip, 5);
    expect(incident).toMatchObject({ failures: 4, subjects: 1, gotIn: 1, sources: 2, alerts: 2 });
    expect(incident.kinds).toEqual(expect.arrayContaining(['suspicious-sign-in', 'failures-from-unfamiliar-place']));
    expect(incident.members.find(({ id }) => id === incident.leadId)?.kind).toBe('suspicious-sign-in');
    // Twelve more and it is guessing: the same alert, of another kind.
    await record(every3Minutes(12, 38));
    const grown = await incidentOf(ip, 17);
    expect(grown).toMatchObject({ id: incident.id, alerts: 2 });
    expect(grown.members.map(({ kind }) => kind).sort()).toEqual(['brute-force-person', 'suspicious-sign-in']);
  });

  it('are contained in one go, with a receipt, and released again', async () => {
    const ip = '198.51.100.99';
    const mia = await ApiClient.signedIn(gatehouse.urls[1]!, await addPerson(gatehouse, 'mia@example.com'));
    await record([
      ...guesses(ip, [...named('c', 12), 'mia', 'mia']),
      anAttempt({ ip, userAgent, subject: 'mia@example.com', outcome: 'success', reason: undefined }),
    ]);
    const incident = await incidentOf(ip, 15);
    expect(incident).toMatchObject({ gotIn: 1, severity: 'critical' });
    expect(incident.topSubjects[0]).toMatchObject({ person: { name: 'mia' }, openSessions: 1 });

    expect((await mia.call('GET', '/api/v1/me')).status).toBe(200);
    const { status, body } = await staff.call<ContainmentReceipt>('POST', `/api/v1/incidents/${incident.id}/contain`, {
      reason: 'A spray from one address',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      people: [{ name: 'mia', sessionsEnded: 1, passwordRequired: true, note: null }],
      throttledSources: 1,
    });
    expect(body.revocationIds).toHaveLength(1);
    expect((await mia.call('GET', '/api/v1/me')).status).toBe(401);

    const ask = (source: string) =>
      eventually(async () => {
        const asked = { subject: 'noor@example.com', ip: source, userAgent };
        const { body: answer } = await send<Assessment>('/api/v1/decide', asked);
        return answer.missing.includes('time') ? undefined : answer;
      }, 'it is judged in time');
    await eventually(async () => (await ask(ip)).decision === 'deny', 'its source is refused');
    expect((await ask(ip)).reasons).toContainEqual({ kind: 'throttled-source', points: 0 });
    expect((await ask('192.0.2.77')).reasons.map(({ kind }) => kind)).not.toContain('throttled-source');

    expect((await detail(incident.id)).topSources[0]!.throttledUntil).not.toBeNull();
    const release = await staff.call('POST', `/api/v1/incidents/${incident.id}/release`);
    expect(release.body).toEqual({ releasedSources: 1 });
    await eventually(
      async () => (await ask(ip)).reasons.every(({ kind }) => kind !== 'throttled-source'),
      'its source is let in',
    );
    const { history } = await detail(incident.id);
    expect(history.at(-2)).toMatchObject({
      kind: 'contained',
      by: 'Ana',
      detail: { people: 1, sessions: 1, passwords: 1, sources: 1, minutes: 60 },
    });
    expect(history.at(-1)).toMatchObject({ kind: 'released', detail: { sources: 1 } });
  });

  it('forget the names of a person who is deleted, and keep the counts', async () => {
    await addPerson(gatehouse, 'teo@example.com');
    await record(guesses('198.18.40.5', Array(6).fill('teo')));
    const incident = await incidentOf('198.18.40.5', 6);
    const [teo] = incident.topSubjects;
    expect(teo).toMatchObject({ person: { name: 'teo' }, failures: 6 });
    expect((await staff.call('DELETE', `/api/v1/people/${teo!.person!.id}`)).status).toBeLessThan(300);
    const { topSubjects } = await detail(incident.id);
    expect(topSubjects).toMatchObject([{ person: null, failures: 6 }]);
    expect(topSubjects[0]!.subject).not.toContain('teo');
    expect(topSubjects[0]!.subject).not.toBe(teo!.person!.id);
  });

  it('are shown by an open alert when the one that stands for them was resolved alone', async () => {
    const ip = '198.18.50.5';
    await record(guesses(ip, [...named('lead', 9), ...Array.from({ length: 16 }, () => 'lead0')]));
    const { id, leadId, members } = await incidentOf(ip, 25);
    expect(members.length).toBeGreaterThan(1);
    await gatehouse.database.transaction(async (tx) => {
      await tx.query(`UPDATE alerts SET status = 'resolved', verdict = 'benign', resolved_at = now() WHERE id = $1`, [
        leadId,
      ]);
      await leadIncident(tx, leadId);
    });
    const open = (await staff.call<Page<AlertView>>('GET', '/api/v1/alerts?folded=true')).body.items;
    expect(open.filter(({ incident }) => incident?.id === id).map(({ status }) => status)).toEqual(['new']);
    expect((await detail(id)).leadId).not.toBe(leadId);
  });

  it('are the business of staff alone, with plain refusals', async () => {
    const mia = new ApiClient(gatehouse.urls[0]!);
    expect((await mia.call('GET', '/api/v1/incidents')).status).toBe(401);
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(await staff.call('POST', `/api/v1/incidents/${unknown}/contain`, {})).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    const bad = await staff.call('POST', `/api/v1/incidents/${unknown}/contain`, { throttleMinutes: 4 });
    expect(bad).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});
