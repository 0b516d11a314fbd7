import type { HealthFault, HealthFinding, SystemHealth } from '../../contracts/health.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const GIB = 1024 ** 3;

/** An attempt waits for milliseconds as a rule; from so long on, scoring doesn't keep up. */
const BACKLOG_MS = 30 * SECOND;
/** A standby takes over within 5 s; a lane that nobody has for longer is stuck. */
const LANE_IDLE_MS = 15 * SECOND;
/** The sweep runs every minute. */
const SWEEP_LATE_MS = 5 * MINUTE;
/** A message that the mail server takes is gone within seconds. */
const MAIL_STUCK_MS = 10 * MINUTE;
/** Shares of the disk that are left, with amounts: a tenth of a huge disk is no reason to worry. */
const LOW = { share: 0.1, bytes: 20 * GIB };
const FULL = { share: 0.03, bytes: GIB };

export type HealthFacts = Omit<SystemHealth, 'findings'>;

/** What is wrong, the worst first and the longest first among equals. */
export function judgeHealth(facts: HealthFacts): HealthFinding[] {
  const now = Date.parse(facts.measuredAt);
  const found = [
    ...judgeProcesses(facts),
    ...judgeScoring(facts, now),
    ...judgeStorage(facts, now),
    ...judgeMessages(facts, now),
  ];
  return found.sort((a, b) => Number(b.urgent) - Number(a.urgent) || timeOf(a) - timeOf(b));
}

type Detail = Partial<Omit<HealthFinding, 'fault' | 'urgent'>>;
const urgent = (fault: HealthFault, detail: Detail = {}): HealthFinding => find(fault, true, detail);
const notable = (fault: HealthFault, detail: Detail = {}): HealthFinding => find(fault, false, detail);
const find = (fault: HealthFault, isUrgent: boolean, { since = null, subject = null, count = null }: Detail) => ({
  fault,
  urgent: isUrgent,
  since,
  subject,
  count,
});
const timeOf = ({ since }: HealthFinding): number => (since === null ? Infinity : Date.parse(since));
/** True when the instant is longer ago than that; what never happened is not late. */
const olderThan = (at: string | null, ms: number, now: number): boolean => at !== null && now - Date.parse(at) > ms;

function judgeProcesses({ processes, schema, carrier }: HealthFacts): HealthFinding[] {
  const found: HealthFinding[] = [];
  const alive = processes.filter(({ state }) => state === 'alive');
  const missing = processes.filter(({ state }) => state === 'late');
  const workerAlive = alive.some(({ kind }) => kind === 'worker');
  if (!workerAlive) {
    const last = missing.filter(({ kind }) => kind === 'worker').map(({ seenAt }) => seenAt);
    found.push(urgent('no_worker', { since: last.sort().at(-1) ?? null }));
  }
  for (const { id, kind, seenAt } of missing)
    if (workerAlive || kind === 'server') found.push(notable('process_missing', { since: seenAt, subject: id }));
  const versions = new Set(alive.map(({ version }) => version)).size;
  if (versions > 1) found.push(notable('versions_differ', { count: versions }));
  if (schema.missing > 0) found.push(urgent('schema_behind', { count: schema.missing }));
  if (carrier.kind === 'redis' && carrier.answerMs === null) found.push(urgent('redis_lost'));
  return found;
}

function judgeScoring({ scoring, processes, sweep, measuredAt }: HealthFacts, now: number): HealthFinding[] {
  const found: HealthFinding[] = [];
  const workers = processes.filter(({ kind, state }) => kind === 'worker' && state === 'alive');
  if (workers.length > 0 && olderThan(scoring.heldAt, LANE_IDLE_MS, now))
    found.push(urgent('lane_idle', { since: scoring.heldAt }));
  const waitingMs = scoring.oldestSeconds * SECOND;
  if (waitingMs > BACKLOG_MS) {
    const since = new Date(Date.parse(measuredAt) - waitingMs).toISOString();
    found.push(notable('backlog', { since, count: scoring.waiting }));
  }
  if (scoring.setAside > 0) found.push(notable('set_aside', { since: scoring.setAsideAt, count: scoring.setAside }));
  // Where none ever ended, one is due as long as a worker runs.
  const sweptAt = sweep?.endedAt ?? workers.map(({ startedAt }) => startedAt).sort()[0] ?? null;
  if (olderThan(sweptAt, SWEEP_LATE_MS, now)) found.push(notable('sweep_late', { since: sweptAt }));
  return found;
}

function judgeStorage({ storage, retention }: HealthFacts, now: number): HealthFinding[] {
  const found: HealthFinding[] = [];
  if (storage) {
    const share = storage.freeBytes / storage.totalBytes;
    if (share < FULL.share || storage.freeBytes < FULL.bytes) found.push(urgent('storage_full'));
    else if (share < LOW.share && storage.freeBytes < LOW.bytes) found.push(notable('storage_low'));
  }
  // They are made two months ahead, so that this one is the last of them only after a month of failures.
  const newest = retention.partitions.at(-1);
  if (!newest || Date.parse(newest.month) <= now) found.push(urgent('no_partition'));
  return found;
}

function judgeMessages({ mail, webhook }: HealthFacts, now: number): HealthFinding[] {
  const found: HealthFinding[] = [];
  if (olderThan(mail.waitingSince, MAIL_STUCK_MS, now))
    found.push(notable('mail_stuck', { since: mail.waitingSince, count: mail.waiting }));
  if (mail.failedToday > 0) found.push(notable('mail_failed', { count: mail.failedToday }));
  if (webhook?.disabledAt) found.push(notable('webhook_off', { since: webhook.disabledAt }));
  else if (webhook?.failingSince)
    found.push(notable('webhook_failing', { since: webhook.failingSince, count: webhook.waiting }));
  return found;
}
