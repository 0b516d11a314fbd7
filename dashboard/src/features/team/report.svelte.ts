import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { ActivityQuery, TeamAttempt, TeamPersonDetail, TeamSession } from '../../api/types.js';
import type { Connection } from '../../live/connection.svelte.js';
import { clientName } from '../../ui/naming.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';

export type ShowAttempts = ActivityQuery['show'];

/** One person of a manager's: what they see, and what they can do about it. */
export class ReportState {
  show = $state<ShowAttempts>('all');
  readonly person: Resource<TeamPersonDetail>;
  readonly sessions: PagedList<TeamSession>;
  readonly attempts: PagedList<TeamAttempt>;
  readonly acting = new Submission();

  constructor(readonly id: string) {
    this.person = new Resource(() => api.teamPerson(id));
    this.sessions = new PagedList((cursor) => api.teamSessions(id, { cursor, limit: 20 }));
    this.attempts = new PagedList((cursor) => api.teamActivity(id, { cursor, show: this.show, limit: 50 }));
  }

  load = async (): Promise<void> => {
    await Promise.all([this.person, this.sessions, this.attempts].map((part) => part.load()));
  };

  follow(connection: Connection): () => void {
    const stops = [connection.on('team.changed', () => void this.load()), connection.onLive(() => void this.load())];
    return () => stops.forEach((stop) => stop());
  }

  async filter(show: ShowAttempts): Promise<void> {
    this.show = show;
    await this.attempts.load();
  }

  async end({ id, client }: TeamSession): Promise<void> {
    if (await this.acting.run(() => api.endReportSession(this.id, id)))
      toasts.show({ text: `Ended ${clientName(client)}.`, detail: 'They can sign in again.' });
    await Promise.all([this.sessions.load(), this.person.load()]);
  }

  async endAll(name: string): Promise<void> {
    let ended = 0;
    if (await this.acting.run(async () => (ended = (await api.endReportSessions(this.id)).sessions.length)))
      toasts.show({ text: `Ended ${count(ended, 'session')} of ${name}.`, detail: 'They can sign in again.' });
    await Promise.all([this.sessions.load(), this.person.load()]);
  }

  async remind(name: string): Promise<void> {
    let sent = 0;
    if (!(await this.acting.run(async () => (sent = (await api.remindOfTwoStep([this.id])).reminded)))) return;
    toasts.show({ text: sent === 0 ? `${name} was reminded within the last week.` : `Reminded ${name} by mail.` });
    await this.person.load();
  }

  async reveal(reason: string): Promise<boolean> {
    const done = await this.acting.run(() => api.revealDetails(this.id, reason));
    if (done) await this.load();
    return done;
  }
}
