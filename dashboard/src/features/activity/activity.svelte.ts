import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import type { ActivityCounts, ActivityFilter, ActivityRow } from '../../api/types.js';
import type { Connection } from '../../live/connection.svelte.js';

export type Show = ActivityFilter['show'];

/** The attempts on the own account, and what the person says about them. */
export class Activity {
  show = $state<Show>('all');
  search = $state('');
  /** Whether somebody tried since the list was read; shown on request, so that no row moves under the finger. */
  fresh = $state(false);
  readonly counts = new Resource<ActivityCounts>(() => api.myActivityCounts({ search: this.search }));
  readonly attempts = new PagedList<ActivityRow>((cursor) =>
    api.myActivity({ show: this.show, search: this.search, cursor, limit: 100 }),
  );
  /** The attempt whose answer is on its way. */
  answering = $state<string | null>(null);
  /** Why the last answer was not taken. */
  refusal = $state.raw<ApiError | null>(null);

  load = async (): Promise<void> => {
    this.fresh = false;
    await Promise.all([this.counts.load(), this.attempts.load()]);
  };

  async filter(show: Show): Promise<void> {
    this.show = show;
    this.fresh = false;
    await this.attempts.load();
  }

  async find(search: string): Promise<void> {
    this.search = search.trim();
    await this.load();
  }

  /** Follows what others do: tries are counted at once, answers of another tab are shown where they were given. */
  follow(connection: Pick<Connection, 'on' | 'onLive'>): () => void {
    const stops = [
      connection.on('account.changed', (what) => {
        if (what === 'activity') void this.#tried();
        if (what === 'answers') void this.load();
      }),
      connection.onLive(() => void this.#tried()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async #tried(): Promise<void> {
    const before = this.counts.value?.all;
    await this.counts.load();
    if (before !== undefined && this.counts.value?.all !== before) this.fresh = true;
  }

  /** Resolves to whether the answer was taken. */
  confirm(row: ActivityRow): Promise<boolean> {
    return this.#answer(row, async () => {
      const answered = await api.confirmSignIn(row.id);
      this.attempts.items = this.attempts.items.map((one) => (one.id === answered.id ? answered : one));
      await this.counts.load();
    });
  }

  /** Locks the account down; resolves to whether it was done and the page knows what follows. Once more changes nothing. */
  disown(row: ActivityRow, follow: () => Promise<void>): Promise<boolean> {
    return this.#answer(row, async () => {
      await api.disownSignIn(row.id);
      await follow();
    });
  }

  async #answer(row: ActivityRow, answer: () => Promise<unknown>): Promise<boolean> {
    if (this.answering !== null) return false;
    this.answering = row.id;
    this.refusal = null;
    try {
      await answer();
      return true;
    } catch (thrown) {
      this.refusal = toApiError(thrown);
      return false;
    } finally {
      this.answering = null;
    }
  }
}
