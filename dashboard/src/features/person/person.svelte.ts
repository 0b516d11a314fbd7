import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import type {
  AlertView,
  AttemptCounts,
  AttemptRow,
  Outcome,
  PersonDetail,
  RiskLevel,
  SessionView,
} from '../../api/types.js';
import type { Connection } from '../../live/connection.svelte.js';

const order: Record<RiskLevel, number> = { critical: 0, high: 1, medium: 2, low: 3 };

/** How far back attempts are counted, in milliseconds: the days of the strip. */
const COUNTED_MS = 30 * 86_400_000;

/** Everything the page of one person shows, kept up by the socket. */
export class PersonState {
  outcome = $state<Outcome | null>(null);
  /** Attempts that came while the page is open; shown on request, so that no row moves under the pointer. */
  fresh = $state.raw<AttemptRow[]>([]);
  readonly id: string;
  readonly person: Resource<PersonDetail>;
  readonly alerts: Resource<AlertView[]>;
  readonly sessions: Resource<SessionView[]>;
  readonly attempts: PagedList<AttemptRow>;
  /** Of the last 30 days, by outcome. */
  readonly counts: Resource<AttemptCounts>;

  constructor(id: string) {
    this.id = id;
    this.person = new Resource(() => api.person(id));
    this.alerts = new Resource(async () => {
      const { items } = await api.alerts({ person: id, status: 'open', limit: 50 });
      return items.toSorted((a, b) => order[a.severity] - order[b.severity]);
    });
    this.sessions = new Resource(async () => (await api.sessions({ person: id, limit: 50 })).items);
    this.counts = new Resource(() =>
      api.attemptCounts({ person: id, from: new Date(Date.now() - COUNTED_MS).toISOString() }),
    );
    this.attempts = new PagedList((cursor) => api.attempts({ person: id, outcome: this.outcome, cursor, limit: 50 }));
  }

  load = async (): Promise<void> => {
    await Promise.all([this.person, this.alerts, this.sessions, this.counts, this.attempts].map((part) => part.load()));
    this.fresh = [];
  };

  async show(outcome: Outcome | null): Promise<void> {
    this.outcome = outcome;
    this.fresh = [];
    await this.attempts.load();
  }

  showFresh(): void {
    void this.counts.load();
    this.attempts.items = [...this.fresh, ...this.attempts.items];
    this.fresh = [];
  }

  follow(connection: Connection): () => void {
    const about = (personId: string | undefined, again: () => Promise<void>): void => {
      if (personId === this.id) void again();
    };
    const sessions = async (): Promise<void> => {
      await Promise.all([this.sessions.load(), this.person.load()]);
    };
    const alerts = async (): Promise<void> => {
      await Promise.all([this.alerts.load(), this.person.load()]);
    };
    // Where attempts are sent already, nothing came in between: the page has only just been loaded.
    let begun = false;
    const stops = [
      connection.on('session.started', (session) => about(session.person.id, sessions)),
      connection.on('session.revoked', ({ personId }) => about(personId, sessions)),
      connection.on('alert.raised', (alert) => about(alert.person?.id, alerts)),
      connection.on('alert.changed', (alert) => about(alert.person?.id, alerts)),
      connection.on('attempts.scored', (frame) => this.#take(frame.rows)),
      connection.watchAttempts(() => {
        if (begun) void this.load();
      }),
    ];
    begun = true;
    return () => stops.forEach((stop) => stop());
  }

  #take(rows: readonly AttemptRow[]): void {
    const own = rows.filter(
      (row) => row.person?.id === this.id && (this.outcome === null || row.outcome === this.outcome),
    );
    if (own.length > 0) this.fresh = [...own.toReversed(), ...this.fresh];
  }
}
