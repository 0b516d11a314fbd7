import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DataSource } from 'typeorm';
import { version } from './version.js';

/** How often a process says that it lives, in milliseconds; see the windows of 15 s where that is asked. */
const BEAT_MS = 5_000;

/** A name for this process that tells the machine and is never used twice. */
export const newNodeId = (kind: 'server' | 'worker'): string => `${hostname()}-${kind}-${randomUUID().slice(0, 8)}`;

/** How the worker that scores gets on: attempts of the last minute, when the last ones were scored, and how long those had waited. */
export type Pace = { scoredMinute: number; scoredAt: Date | null; lagMs: number | null };

/** Keeps this process in the list of those alive. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  /** Set by the worker that scores, with what it tells of itself. */
  lane = false;
  pace: (() => Pace) | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly id: string,
    private readonly kind: 'server' | 'worker',
    private readonly onError: (error: unknown) => void,
  ) {}

  async start(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => void this.beat().catch(this.onError), BEAT_MS);
    this.timer.unref();
  }

  async beat(): Promise<void> {
    const pace = this.lane ? this.pace?.() : undefined;
    await this.database.query(
      `INSERT INTO nodes (id, kind, lane, version, host, scored_minute, scored_at, lag_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (id) DO UPDATE SET seen_at = now(), lane = excluded.lane, scored_minute = excluded.scored_minute,
         scored_at = excluded.scored_at, lag_ms = excluded.lag_ms`,
      [this.id, this.kind, this.lane, version, hostname(), pace?.scoredMinute, pace?.scoredAt, pace?.lagMs],
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.database.query('DELETE FROM nodes WHERE id = $1', [this.id]).catch(this.onError);
  }
}
