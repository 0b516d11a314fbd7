import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DataSource } from 'typeorm';

/** How often a process says that it lives, in milliseconds; see the windows of 15 s where that is asked. */
const BEAT_MS = 5_000;

/** A name for this process that tells the machine and is never used twice. */
export const newNodeId = (kind: 'server' | 'worker'): string => `${hostname()}-${kind}-${randomUUID().slice(0, 8)}`;

/** Keeps this process in the list of those alive. */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  /** Set by the worker that scores. */
  lane = false;

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
    await this.database.query(
      `INSERT INTO nodes (id, kind, lane) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET seen_at = now(), lane = excluded.lane`,
      [this.id, this.kind, this.lane],
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.database.query('DELETE FROM nodes WHERE id = $1', [this.id]).catch(this.onError);
  }
}
