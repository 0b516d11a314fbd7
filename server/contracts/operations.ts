import { z } from 'zod';
import { instant, pageQuery } from './paging.js';

export const readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  version: z.string(),
  database: z.enum(['up', 'down']),
  migrations: z.enum(['current', 'pending', 'unknown']),
  /** Accepted attempts that wait to be scored, and the age of the oldest in seconds. */
  backlog: z.object({ waiting: z.number().int(), oldestSeconds: z.number() }).nullable(),
  /** Workers seen in the last 15 s. */
  workers: z.array(z.object({ id: z.string(), lane: z.boolean(), seenAt: instant })),
});
export type Readiness = z.infer<typeof readiness>;

export const auditEntry = z.object({
  sequence: z.number().int(),
  at: instant,
  actor: z.object({ kind: z.enum(['person', 'key', 'system', 'cli']), id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string().nullable() }),
  detail: z.record(z.string(), z.unknown()),
  ip: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditFilter = z.object({
  action: z.string().max(64).optional(),
  actor: z.string().max(64).optional(),
  /** Id of what was acted on, such as a person. */
  target: z.string().max(64).optional(),
  /** Any part of who, what, on what, or of the details. */
  search: z.string().trim().max(120).optional(),
  from: instant.optional(),
  to: instant.optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;
export const auditQuery = pageQuery.extend(auditFilter.shape);

/** Result of recomputing the chain: `brokenAt` is the first entry that was changed, removed or put in between. */
export const chainCheck = z.object({ entries: z.number().int(), brokenAt: z.number().int().nullable() });
export type ChainCheck = z.infer<typeof chainCheck>;

/** State of the simulated company. */
export const simulation = z.object({
  state: z.enum(['off', 'starting', 'running', 'removing']),
  people: z.number().int(),
  attempts: z.number().int(),
  startedAt: instant.nullable(),
});
export type SimulationView = z.infer<typeof simulation>;

/** First-run progress: what the "waiting for the first attempt" page shows. */
export const connectState = z.object({
  firstAttemptAt: instant.nullable(),
  refused: z.array(z.object({ at: instant, ip: z.string(), code: z.string() })),
});
export type ConnectState = z.infer<typeof connectState>;
