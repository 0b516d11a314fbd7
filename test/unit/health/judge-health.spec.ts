import type { SystemHealth } from '../../../server/contracts/health.js';
import { describeProcesses, type Process } from '../../../server/health/domain/describe-processes.js';
import { type HealthFacts, judgeHealth } from '../../../server/health/domain/judge-health.js';

const now = Date.parse('2026-11-24T14:00:00.000Z');
const at = (secondsAgo: number): string => new Date(now - secondsAgo * 1_000).toISOString();
const GIB = 1024 ** 3;

const aProcess = (changed: Partial<Process> = {}): Process => ({
  id: 'one-worker-1',
  kind: 'worker',
  host: 'one',
  version: '1.0.0',
  lane: false,
  startedAt: at(3_600),
  seenAt: at(2),
  ...changed,
});
const described = (...processes: Process[]) => describeProcesses(processes, now);
const states = (...processes: Process[]) => described(...processes).map(({ state }) => state);

/** An installation in which all is well, but for what is changed. */
const facts = (changed: Partial<HealthFacts> = {}): HealthFacts => ({
  measuredAt: at(0),
  tookMs: 8,
  version: '1.0.0',
  schema: { applied: 40, newest: 'Health', missing: 0 },
  scoring: {
    waiting: 3,
    oldestSeconds: 0.2,
    setAside: 0,
    setAsideAt: null,
    holder: 'one-worker-1',
    heldAt: at(0.5),
    pace: { scoredMinute: 120, scoredAt: at(1), lagMs: 12 },
  },
  processes: described(aProcess(), aProcess({ id: 'one-server-1', kind: 'server' })),
  database: { bytes: 1e9, before: null, connections: 20, connectionsMax: 100 },
  storage: { freeBytes: 200 * GIB, totalBytes: 400 * GIB },
  retention: {
    days: 396,
    oldestAt: null,
    partitions: [{ month: '2027-01-01', bytes: 0, dropsAt: '2028-03-03T00:00:00.000Z' }],
  },
  mail: { waiting: 0, held: 0, waitingSince: null, failedToday: 0 },
  webhook: null,
  sweep: { endedAt: at(30), tookMs: 40 },
  carrier: { kind: 'postgresql' },
  bundled: true,
  ...changed,
});
const scoring = (changed: Partial<SystemHealth['scoring']>) => facts({ scoring: { ...facts().scoring, ...changed } });
const storage = (freeBytes: number, totalBytes: number) => facts({ storage: { freeBytes, totalBytes } });
const faults = (given: HealthFacts) => judgeHealth(given).map(({ fault, urgent }) => (urgent ? `${fault}!` : fault));

describe('health', () => {
  it('finds nothing where all is well', () => {
    expect(faults(facts())).toEqual([]);
    expect(faults(facts({ storage: null, carrier: { kind: 'redis', answerMs: 1 } }))).toEqual([]);
  });

  it.each([
    ['no_worker!', facts({ processes: [] })],
    ['lane_idle!', scoring({ heldAt: at(16) })],
    ['backlog', scoring({ waiting: 900, oldestSeconds: 31 })],
    ['set_aside', scoring({ setAside: 2, setAsideAt: at(600) })],
    ['sweep_late', facts({ sweep: { endedAt: at(301), tookMs: 40 } })],
    ['sweep_late', facts({ sweep: null })],
    ['redis_lost!', facts({ carrier: { kind: 'redis', answerMs: null } })],
    ['schema_behind!', facts({ schema: { applied: 39, newest: 'Before', missing: 1 } })],
    ['storage_low', storage(9 * GIB, 100 * GIB)],
    ['storage_full!', storage(0.9 * GIB, 20 * GIB)],
    ['storage_full!', storage(25 * GIB, 1_000 * GIB)],
    ['no_partition!', facts({ retention: { ...facts().retention, partitions: [] } })],
    ['mail_stuck', facts({ mail: { waiting: 4, held: 0, waitingSince: at(601), failedToday: 0 } })],
    ['mail_failed', facts({ mail: { waiting: 0, held: 0, waitingSince: null, failedToday: 1 } })],
    ['webhook_failing', facts({ webhook: { waiting: 3, failedToday: 0, failingSince: at(60), disabledAt: null } })],
    ['webhook_off', facts({ webhook: { waiting: 0, failedToday: 9, failingSince: at(90), disabledAt: at(60) } })],
    ['versions_differ', facts({ processes: described(aProcess(), aProcess({ id: 'b', version: '1.1.0' })) })],
  ])('names %s', (fault, given) => {
    expect(faults(given)).toEqual([fault]);
  });

  it.each([
    ['a wait of 30 s', scoring({ waiting: 900, oldestSeconds: 30 })],
    ['a takeover', scoring({ holder: null, heldAt: at(14) })],
    ['a huge disk that is nine tenths full', storage(90 * GIB, 1_000 * GIB)],
    ['a first sweep that is not due', facts({ sweep: null, processes: described(aProcess({ startedAt: at(60) })) })],
    [
      'a message that was queued a moment ago',
      facts({ mail: { waiting: 1, held: 0, waitingSince: at(9), failedToday: 0 } }),
    ],
  ])('is not alarmed by %s', (_what, given) => {
    expect(faults(given)).toEqual([]);
  });

  it('tells the urgent first, and then what lasts longest', () => {
    const lost = aProcess({ id: 'two-worker-9', host: 'two', seenAt: at(900) });
    const given = facts({
      processes: described(aProcess(), lost),
      carrier: { kind: 'redis', answerMs: null },
      sweep: { endedAt: at(400), tookMs: 1 },
    });
    expect(judgeHealth(given)).toMatchObject([
      { fault: 'redis_lost' },
      { fault: 'process_missing', subject: 'two-worker-9', since: at(900) },
      { fault: 'sweep_late' },
    ]);
  });

  it('says since when no worker runs, and not of each that it is missing', () => {
    const [first, second] = [aProcess({ seenAt: at(300) }), aProcess({ id: 'one-worker-2', seenAt: at(40) })];
    expect(judgeHealth(facts({ processes: described(first, second) }))).toEqual([
      { fault: 'no_worker', urgent: true, since: at(40), subject: null, count: null },
    ]);
  });

  it('takes a process for gone after 15 s, and for replaced once another one began on its machine', () => {
    const lost = aProcess({ id: 'lost', seenAt: at(60) });
    expect(states(aProcess({ seenAt: at(15) }))).toEqual(['alive']);
    expect(states(lost, aProcess())).toEqual(['late', 'alive']);
    expect(states(lost, aProcess({ startedAt: at(50) }))).toEqual(['replaced', 'alive']);
    expect(states(lost, aProcess({ startedAt: at(50), host: 'two' }))).toEqual(['late', 'alive']);
    expect(states(lost, aProcess({ startedAt: at(50), kind: 'server' }))).toEqual(['late', 'alive']);
    // One for one: the second that was lost is still missing.
    const earlier = aProcess({ id: 'earlier', seenAt: at(90) });
    expect(states(earlier, lost, aProcess({ startedAt: at(50) }))).toEqual(['late', 'replaced', 'alive']);
  });
});
