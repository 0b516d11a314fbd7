import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { GivenAnswer, TeamPerson, TeamQuery, TeamSummary, TeamWarning, WarningAnswer } from '../../api/types.js';
import type { Connection } from '../../live/connection.svelte.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';
import { answerWords } from '../warnings/warning-words.js';
import { mayRemind } from './team-sentence.js';

export type Show = TeamQuery['show'];

/** Alerts that are read at a time; more come as these are answered. */
const WARNINGS = 20;
/** People that one press reminds at most. */
const REMINDED_MAX = 200;

/** The people of a manager, and what there is to answer about them. */
export class TeamState {
  readonly people: PagedList<TeamPerson>;
  readonly summary = new Resource<TeamSummary>(api.teamSummary);
  readonly warnings = new Resource<TeamWarning[]>(async () => (await api.teamWarnings({ limit: WARNINGS })).items);
  readonly answers = new Resource<GivenAnswer[]>(async () => (await api.teamAnswers()).items);
  readonly answering = new Submission();
  readonly reminding = new Submission();

  /** @param filter what is shown, read anew with each question */
  constructor(filter: () => { show: string; search: string }) {
    this.people = new PagedList((cursor) => api.team({ ...filter(), cursor, limit: 50 }));
  }

  load = async (): Promise<void> => {
    await Promise.all([this.people, this.summary, this.warnings, this.answers].map((part) => part.load()));
  };

  follow(connection: Connection): () => void {
    const stops = [connection.on('team.changed', () => void this.load()), connection.onLive(() => void this.load())];
    return () => stops.forEach((stop) => stop());
  }

  async answer({ alertId, person, lastAt }: TeamWarning, answer: WarningAnswer): Promise<boolean> {
    const done = await this.answering.run(() => api.answerTeamWarning(alertId, answer, lastAt));
    if (done) toasts.show({ text: `${person}: ${answerWords[answer]}.` });
    await this.load();
    return done;
  }

  async remind(people: readonly TeamPerson[]): Promise<void> {
    let sent = 0;
    const ids = people.map(({ id }) => id);
    const done = await this.reminding.run(async () => (sent = (await api.remindOfTwoStep(ids)).reminded));
    if (!done) return;
    const [only] = people;
    const who = people.length === 1 && only ? only.name : count(sent, 'person');
    toasts.show(
      sent === 0 ? { text: 'They were reminded within the last week.' } : { text: `Reminded ${who} by mail.` },
    );
    await Promise.all([this.people.load(), this.summary.load()]);
  }

  /** Everybody without two-step sign-in, also who is not on the screen. */
  async remindAll(now: number): Promise<void> {
    const { items } = await api.team({ show: 'no_two_step', limit: REMINDED_MAX });
    const due = items.filter((person) => mayRemind(person, now));
    if (due.length === 0) toasts.show({ text: 'All of them were reminded within the last week.' });
    else await this.remind(due);
  }
}
