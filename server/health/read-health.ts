import { statfs } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import type { ProcessView, SystemHealth } from '../contracts/health.js';
import { describePartitions } from '../platform/database/partitions.js';
import type { JobQueue } from '../platform/queue.js';
import { version } from '../platform/version.js';
import { describeProcesses } from './domain/describe-processes.js';
import { judgeHealth } from './domain/judge-health.js';
import { readStoredHealth, type StoredHealth } from './store/health.js';

type Settings = { retentionDays: number; bundledDatabase: boolean };

/** How the whole installation is: what waits, who works, what room is left, and what of it is wrong. */
export class ReadHealth {
  private underWay: Promise<SystemHealth> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly queue: JobQueue,
    private readonly settings: Settings,
  ) {}

  /** Whoever asks while it is being measured gets the same answer: a crowd costs no more than one. */
  read(): Promise<SystemHealth> {
    this.underWay ??= this.measure().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async measure(): Promise<SystemHealth> {
    const { database, queue, settings } = this;
    const begun = performance.now();
    const stored = await readStoredHealth(database);
    const partitions = await describePartitions(database, settings.retentionDays);
    const storage = settings.bundledDatabase ? await roomLeft(database) : null;
    const carrier = await queue.carrier();
    const { processes, now, oldestAt, schema, ...rest } = stored;
    const described = describeProcesses(processes.map(withoutPace), now.getTime());
    const facts = {
      ...rest,
      measuredAt: now.toISOString(),
      tookMs: Math.round(performance.now() - begun),
      version,
      schema: { ...schema, missing: Math.max(0, database.migrations.length - schema.applied) },
      scoring: { ...rest.scoring, ...holderOf(stored, described) },
      processes: described,
      storage,
      retention: {
        days: settings.retentionDays,
        oldestAt,
        partitions: partitions.map(({ month, bytes, dropsAt }) => ({
          month: month.toISOString().slice(0, 10),
          bytes,
          dropsAt: dropsAt.toISOString(),
        })),
      },
      carrier,
      bundled: settings.bundledDatabase,
    };
    return { ...facts, findings: judgeHealth(facts) };
  }
}

type Beat = StoredHealth['processes'][number];

const withoutPace = ({ id, kind, host, version: of, lane, startedAt, seenAt }: Beat) => ({
  id,
  kind,
  host,
  version: of,
  lane,
  startedAt,
  seenAt,
});

/** Who scores and what it says of that; one that is gone scores nothing, though its name stands until another takes over. */
function holderOf(
  { processes, scoring }: StoredHealth,
  described: readonly ProcessView[],
): Pick<SystemHealth['scoring'], 'holder' | 'pace'> {
  const isAlive = described.some(({ id, state }) => id === scoring.holder && state === 'alive');
  if (!isAlive) return { holder: null, pace: null };
  const beat = processes.find(({ id }) => id === scoring.holder);
  const told = beat && beat.scoredMinute !== null;
  return {
    holder: scoring.holder,
    pace: told ? { scoredMinute: beat.scoredMinute ?? 0, scoredAt: beat.scoredAt, lagMs: beat.lagMs } : null,
  };
}

/** Room on the disk that the bundled database lies on, as far as this process may look there. */
async function roomLeft(database: DataSource): Promise<SystemHealth['storage']> {
  const [row] = await database.query<{ folder: string }[]>(`SELECT current_setting('data_directory') AS folder`);
  if (!row) return null;
  try {
    const { bavail, blocks, bsize } = await statfs(row.folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    // PostgreSQL may run as a user whose folder this process can't enter: then the room is not known, and the page says so.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return null;
    throw error;
  }
}
