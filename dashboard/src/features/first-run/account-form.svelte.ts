import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import { session } from '../../app/session.svelte.js';

/** Fewest characters of a password that is the only factor (NIST SP 800-63B-4 §3.1.1.2); the server decides again. */
export const PASSWORD_LENGTH = 15;

/** The first two steps: who sets up, and for which organisation. Sent together, as both or none must exist. */
export class AccountForm {
  /** From the part of the link behind `#`, which browsers don't send to any server. */
  token = $state('');
  step = $state<1 | 2>(1);
  name = $state('');
  email = $state('');
  password = $state('');
  organisation = $state('');
  timeZone = $state(Intl.DateTimeFormat().resolvedOptions().timeZone);
  busy = $state(false);
  tooShort = $state(false);
  error = $state.raw<ApiError | null>(null);

  /** Characters of the password, as the rule counts them: by code points. */
  get length(): number {
    return Array.from(this.password).length;
  }

  /** To the second step, when the first is complete. */
  next(): void {
    this.tooShort = this.length < PASSWORD_LENGTH;
    if (this.tooShort) return;
    this.error = null;
    this.step = 2;
  }

  /** Creates the first administrator and signs in. What was typed stays where the server refuses. */
  async create(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      const result = await api.setUp({
        token: this.token,
        name: this.name.trim(),
        email: this.email.trim(),
        password: this.password,
        organisation: this.organisation.trim(),
        timeZone: this.timeZone,
      });
      this.password = '';
      session.enter(result.me);
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      if (this.error.code === 'weak_password' || this.#concernsFirstStep(this.error)) this.step = 1;
      return false;
    } finally {
      this.busy = false;
    }
  }

  #concernsFirstStep(error: ApiError): boolean {
    return ['name', 'email', 'password'].some((path) => error.field(path) !== undefined);
  }
}
