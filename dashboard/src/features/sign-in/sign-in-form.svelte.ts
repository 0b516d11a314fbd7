import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import { session } from '../../app/session.svelte.js';

/** What was typed, and what came of it. A refusal keeps everything that was typed. */
export class SignInForm {
  email = $state('');
  password = $state('');
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);

  /** Resolves to true when signed in. */
  async submit(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      const result = await api.signIn(this.email.trim(), this.password);
      session.enter(result.me);
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The refusal in one sentence; how long to wait where the server says so. */
  get sentence(): string {
    if (!this.error) return '';
    const seconds = this.error.problem.retryAfter;
    if (this.error.code !== 'too_many_tries' || seconds === undefined)
      return `${this.error.message} ${this.error.next}`;
    const wait = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
    return `Too many tries. Wait ${wait}, then try again.`;
  }
}
