import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { AlertView, AttemptRow, EntityView, Outcome, SessionView } from '../../api/types.js';
import type { Connection } from '../../live/connection.svelte.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';
import { throttleAddress } from './throttle.js';

/** What the page is about: one of the three, in the words of the address bar. */
export type About = { ip: string } | { asn: string } | { application: string };

/** Everything the page of an address, a network or an application shows, kept up by the socket. */
export class EntityState {
  outcome = $state<Outcome | null>(null);
  /** Attempts that came while the page is open; shown on request, so that no row moves under the pointer. */
  fresh = $state.raw<AttemptRow[]>([]);
  readonly view: Resource<EntityView>;
  readonly alerts: Resource<AlertView[]>;
  readonly sessions: Resource<SessionView[]>;
  readonly attempts: PagedList<AttemptRow>;
  readonly acting = new Submission();

  constructor(readonly about: About) {
    this.view = new Resource(() => api.entity(about));
    // Alerts and sessions name addresses, neither networks nor applications.
    this.alerts = new Resource(async () =>
      'ip' in about ? (await api.alerts({ ip: about.ip, status: 'open', limit: 20 })).items : [],
    );
    this.sessions = new Resource(async () =>
      'ip' in about ? (await api.sessions({ ip: about.ip, limit: 200 })).items : [],
    );
    this.attempts = new PagedList((cursor) => api.attempts({ ...about, outcome: this.outcome, cursor, limit: 50 }));
  }

  load = async (): Promise<void> => {
    await Promise.all([this.view, this.alerts, this.sessions, this.attempts].map((part) => part.load()));
    this.fresh = [];
  };

  async show(outcome: Outcome | null): Promise<void> {
    this.outcome = outcome;
    this.fresh = [];
    await this.attempts.load();
  }

  showFresh(): void {
    this.attempts.items = [...this.fresh, ...this.attempts.items];
    this.fresh = [];
    void this.view.load();
  }

  follow(connection: Connection): () => void {
    let begun = false;
    const stops = [
      connection.on('session.started', () => void this.sessions.load()),
      connection.on('session.revoked', () => void this.sessions.load()),
      connection.on('alert.raised', () => void this.alerts.load()),
      connection.on('alert.changed', () => void this.alerts.load()),
      connection.on('attempts.scored', (frame) => this.#take(frame.rows)),
      connection.watchAttempts(() => {
        if (begun) void this.load();
      }),
    ];
    begun = true;
    return () => stops.forEach((stop) => stop());
  }

  async endSessions(): Promise<void> {
    const { about } = this;
    if (!('ip' in about)) return;
    let ended = 0;
    const done = await this.acting.run(
      async () => (ended = (await api.endSessionsMatching({ ip: about.ip })).sessions.length),
    );
    if (done) toasts.show({ text: `Ended ${count(ended, 'session')}.`, detail: 'They can sign in again.' });
    await this.sessions.load();
  }

  async throttle(): Promise<void> {
    if ('ip' in this.about && (await throttleAddress(this.about.ip, this.view.load))) await this.view.load();
  }

  async release(): Promise<void> {
    const { about } = this;
    if (!('ip' in about)) return;
    if (await this.acting.run(() => api.releaseSource(about.ip)))
      toasts.show({ text: `${about.ip} may sign in again.` });
    await this.view.load();
  }

  #take(rows: readonly AttemptRow[]): void {
    const mine = rows.filter((row) => this.#holds(row) && (this.outcome === null || row.outcome === this.outcome));
    if (mine.length > 0) this.fresh = [...mine.toReversed(), ...this.fresh];
  }

  #holds(row: AttemptRow): boolean {
    const { about } = this;
    if ('ip' in about) return row.ip === (this.view.value?.address?.ip ?? about.ip);
    return 'asn' in about ? row.network.asn === Number(about.asn) : row.application.id === about.application;
  }
}
