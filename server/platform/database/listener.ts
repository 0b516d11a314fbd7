import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Assessment } from '../../contracts/decisions.js';
import type { AccountPart } from '../../contracts/live.js';
import type { EndReason } from '../../contracts/sessions.js';
import type { Logger } from '../logging.js';

/** What processes tell each other through PostgreSQL. Sent inside the transaction, so it is heard exactly when the change is there. */
export type Notices = {
  session_revoked: { revocationId: string; sessionIds: string[] | null; reason: EndReason; by: string | null };
  session_started: { sessionId: string };
  session_locked: { sessionId: string };
  sessions_confined: Record<string, never>;
  account_changed: { personId: string; what: AccountPart };
  alert_changed: { alertId: string };
  /** Alerts are gone with their application. */
  alerts_removed: Record<string, never>;
  people_changed: Record<string, never>;
  sources_throttled: Record<string, never>;
  /** The next sign-in of some people is asked for more, or no longer. */
  people_challenged: Record<string, never>;
  /** Rules have something to do about alerts. */
  response_due: Record<string, never>;
  incident_changed: { incidentId: string };
  simulation_changed: Record<string, never>;
  detection_policy_changed: Record<string, never>;
  notification_queued: Record<string, never>;
  /** Somebody is to be told of alerts about these people. */
  warning_opened: { personIds?: string[] };
  drill_asked: Record<string, never>;
  password_reset_requested: Record<string, never>;
  /** Servers ask, the worker that scores answers. The packed attempt is null where it is too long for a notice: its row of `assessments` has it. */
  decision_asked: { asked: { id: string; attempt: string | null }[] };
  decision_made: { answers: Assessment[] };
};
type Channel = keyof Notices;
const channels = [
  'session_revoked',
  'session_started',
  'session_locked',
  'sessions_confined',
  'account_changed',
  'alert_changed',
  'alerts_removed',
  'people_changed',
  'sources_throttled',
  'people_challenged',
  'response_due',
  'incident_changed',
  'simulation_changed',
  'detection_policy_changed',
  'notification_queued',
  'warning_opened',
  'drill_asked',
  'password_reset_requested',
  'decision_asked',
  'decision_made',
] as const satisfies readonly Channel[];

/** Longest pause between two attempts to listen again, in milliseconds. */
const RECONNECT_MAX_MS = 2_000;

/**
 * Hears notices on a connection of its own. After an interruption it listens again and emits `resumed`: whoever depends on
 * having heard everything must then look for itself, as notices sent meanwhile are gone.
 */
export class Listener extends EventEmitter<{ [C in Channel]: [Notices[C]] } & { resumed: [] }> {
  private client: pg.Client | undefined;
  private closed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {
    super();
  }

  async start(): Promise<void> {
    await this.connect();
  }

  async stop(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      keepAlive: true,
      application_name: 'gatehouse-listener',
    });
    // A connection that never stood is tried again by whoever asked for it; only one that did starts trying by itself.
    let listening = false;
    const onLoss = (error?: Error): void => {
      if (!listening || this.closed) return;
      listening = false;
      this.logger.warn({ err: error }, 'lost the notice connection, listening again');
      void this.reconnect();
    };
    client.on('error', onLoss);
    client.on('end', () => onLoss());
    client.on('notification', ({ channel, payload }) => this.dispatch(channel, payload ?? '{}'));
    try {
      await client.connect();
      for (const channel of channels) await client.query(`LISTEN ${channel}`);
    } catch (error) {
      client.end().catch((late: unknown) => this.logger.debug({ err: late }, 'failed notice connection'));
      throw error;
    }
    listening = true;
    this.client = client;
    if (this.closed) await client.end();
  }

  private async reconnect(): Promise<void> {
    for (let pause = 50; !this.closed; pause = Math.min(pause * 2, RECONNECT_MAX_MS)) {
      await wait(pause);
      try {
        await this.connect();
        this.emit('resumed');
        return;
      } catch (error) {
        this.logger.debug({ err: error }, 'still no notice connection');
      }
    }
  }

  private dispatch(channel: string, payload: string): void {
    // Both ends are this program; the cast states what `notify` below guarantees.
    const emit = this.emit.bind(this) as (name: string, notice: unknown) => boolean;
    emit(channel, JSON.parse(payload));
  }
}

/** Sends a notice with the transaction: it is delivered at commit, and not at all on rollback. */
export async function notify<C extends Channel>(
  database: { query: (sql: string, values: unknown[]) => Promise<unknown> },
  channel: C,
  notice: Notices[C],
): Promise<void> {
  await database.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify(notice)]);
}
