import { api } from '../../api/api.js';
import { PagedList, Resource } from '../../api/resource.svelte.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import type { ActivityCounts, ActivityFilter, ActivityRow } from '../../api/types.js';

export type Show = ActivityFilter['show'];

/** The attempts on the own account, and what the person says about them. */
export class Activity {
  show = $state<Show>('all');
  readonly counts = new Resource<ActivityCounts>(api.myActivityCounts);
  readonly attempts = new PagedList<ActivityRow>((cursor) => api.myActivity({ show: this.show, cursor, limit: 100 }));
  /** The attempt whose answer is on its way. */
  answering = $state<string | null>(null);
  /** Why the last answer was not taken. */
  refusal = $state.raw<ApiError | null>(null);

  load = async (): Promise<void> => {
    await Promise.all([this.counts.load(), this.attempts.load()]);
  };

  async filter(show: Show): Promise<void> {
    this.show = show;
    await this.attempts.load();
  }

  /** Resolves to whether the answer was taken. */
  confirm(row: ActivityRow): Promise<boolean> {
    return this.#answer(row, async () => {
      const answered = await api.confirmSignIn(row.id);
      this.attempts.items = this.attempts.items.map((one) => (one.id === answered.id ? answered : one));
      await this.counts.load();
    });
  }

  /** Locks the account down; resolves to whether it was done. */
  disown(row: ActivityRow): Promise<boolean> {
    return this.#answer(row, () => api.disownSignIn(row.id));
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
