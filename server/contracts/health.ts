import { z } from 'zod';
import { instant } from './paging.js';

/** A process that was not heard of for longer is no longer counted on, in seconds. */
export const ALIVE_SECONDS = 15;

/** What can be wrong, each with its own words on the screen. */
export const healthFaults = [
  'no_worker',
  'lane_idle',
  'redis_lost',
  'storage_full',
  'no_partition',
  'schema_behind',
  'process_missing',
  'backlog',
  'sweep_late',
  'storage_low',
  'mail_stuck',
  'mail_failed',
  'webhook_off',
  'webhook_failing',
  'set_aside',
  'versions_differ',
] as const;
export const healthFault = z.enum(healthFaults);
export type HealthFault = z.infer<typeof healthFault>;

export const healthFinding = z.object({
  fault: healthFault,
  /** Something that people count on doesn't work, or soon won't. */
  urgent: z.boolean(),
  since: instant.nullable(),
  /** Which process it is about. */
  subject: z.string().nullable(),
  /** How many, where that says something. */
  count: z.number().int().nullable(),
});
export type HealthFinding = z.infer<typeof healthFinding>;

const count = z.number().int();

/** `late`: not heard of any more. `replaced`: the same, and another one began on its machine after that. */
export const processState = z.enum(['alive', 'late', 'replaced']);
export const processView = z.object({
  id: z.string(),
  kind: z.enum(['server', 'worker']),
  host: z.string(),
  version: z.string(),
  /** Holds the scoring lane. */
  lane: z.boolean(),
  startedAt: instant,
  seenAt: instant,
  state: processState,
});
export type ProcessView = z.infer<typeof processView>;

/** What carries jobs, live events and limits between processes. */
export const carrier = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('postgresql') }),
  z.object({ kind: z.literal('redis'), answerMs: count.nullable() }),
]);
export type Carrier = z.infer<typeof carrier>;

export const systemHealth = z.object({
  measuredAt: instant,
  /** How long measuring took, in milliseconds. */
  tookMs: count,
  version: z.string(),
  schema: z.object({ applied: count, newest: z.string(), missing: count }),
  scoring: z.object({
    waiting: count,
    oldestSeconds: z.number(),
    /** Attempts that could not be scored, of the last seven days. */
    setAside: count,
    setAsideAt: instant.nullable(),
    holder: z.string().nullable(),
    /** When the holder last showed that it scores; null where nobody ever did. */
    heldAt: instant.nullable(),
    /** As the holder said with its last beat. */
    pace: z.object({ scoredMinute: count, scoredAt: instant.nullable(), lagMs: count.nullable() }).nullable(),
  }),
  processes: z.array(processView),
  database: z.object({
    bytes: count,
    /** The size about a week ago, or the oldest that is known. */
    before: z.object({ at: instant, bytes: count }).nullable(),
    connections: count,
    connectionsMax: count,
  }),
  /** Room on the disk of the bundled database; null where the database is elsewhere. */
  storage: z.object({ freeBytes: count, totalBytes: count }).nullable(),
  retention: z.object({
    days: count,
    oldestAt: instant.nullable(),
    partitions: z.array(z.object({ month: z.iso.date(), bytes: count, dropsAt: instant })),
  }),
  mail: z.object({ waiting: count, held: count, waitingSince: instant.nullable(), failedToday: count }),
  webhook: z
    .object({
      waiting: count,
      failedToday: count,
      failingSince: instant.nullable(),
      disabledAt: instant.nullable(),
    })
    .nullable(),
  sweep: z.object({ endedAt: instant, tookMs: count }).nullable(),
  carrier,
  /** The database came with Gatehouse and runs on the same machine. */
  bundled: z.boolean(),
  /** What is wrong, the worst first; empty when all is well. */
  findings: z.array(healthFinding),
});
export type SystemHealth = z.infer<typeof systemHealth>;
