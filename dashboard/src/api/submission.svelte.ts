import { toApiError, type ApiError } from './api-error.js';

/** One thing sent at a time, e.g. a form: whether it is on its way, and the refusal if it came back. */
export class Submission {
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);

  /** Does the work unless it is being done already. @returns whether it was done */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
