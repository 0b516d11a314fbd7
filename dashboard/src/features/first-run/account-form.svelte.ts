import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import type { SetUpAccount } from '../../api/types.js';
import { session } from '../../app/session.svelte.js';
import { forgetSetUp, keepSetUp, keptSetUp } from './kept-set-up.js';

/** Fewest characters of a password that is the only factor (NIST SP 800-63B-4 §3.1.1.2); the server decides again. */
export const PASSWORD_LENGTH = 15;

/** The first two steps: who sets up, and for which organisation. Sent together, as both or none must exist. */
export class AccountForm {
  /** From the part of the link behind `#`, which browsers don't send to any server. */
  token = $state('');
  name = $state('');
  email = $state('');
  password = $state('');
  organisation = $state('');
  timeZone = $state(Intl.DateTimeFormat().resolvedOptions().timeZone);
  /** The page was loaded again: all is back but the password, which is kept nowhere. */
  restored = $state(false);
  busy = $state(false);
  tooShort = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** The password that `error` is about. */
  #refused = $state('');

  constructor() {
    const kept = keptSetUp();
    if (kept === null) return;
    Object.assign(this, kept);
    this.restored = kept.name !== '' || kept.email !== '';
  }

  /** Keeps what may be kept, for a reload of this tab. */
  keep(): void {
    const { token, name, email, organisation, timeZone } = this;
    if (token !== '') keepSetUp({ token, name, email, organisation, timeZone });
  }

  /** Characters of the password, as the rule counts them: by code points. */
  get length(): number {
    return Array.from(this.password).length;
  }

  /** Why the server refuses the password that stands there; not of one that was typed since. */
  get passwordRefusal(): string | undefined {
    if (this.error === null || this.password !== this.#refused) return undefined;
    return this.error.field('password') ?? (this.error.code === 'weak_password' ? this.error.next : undefined);
  }

  /** @returns whether the first step is complete and the server would take it */
  async check(): Promise<boolean> {
    this.tooShort = this.length < PASSWORD_LENGTH;
    return !this.tooShort && (await this.#ask(() => api.checkSetUpAccount(this.#account)));
  }

  /** Creates the first administrator and signs in. What was typed stays where the server refuses. */
  async create(): Promise<boolean> {
    return this.#ask(async () => {
      const result = await api.setUp({
        ...this.#account,
        organisation: this.organisation.trim(),
        timeZone: this.timeZone,
      });
      this.password = this.token = '';
      forgetSetUp();
      session.enter(result.me);
    });
  }

  /** Whether what the server refused was typed in the first step. */
  get concernsFirst(): boolean {
    const { error } = this;
    return (
      error !== null &&
      (error.code === 'weak_password' || ['name', 'email', 'password'].some((path) => error.field(path) !== undefined))
    );
  }

  get #account(): SetUpAccount {
    return { token: this.token, name: this.name.trim(), email: this.email.trim(), password: this.password };
  }

  /** @returns whether it was done; `error` says why not */
  async #ask(question: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await question();
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      this.#refused = this.password;
      if (this.error.code === 'setup_link_invalid' || this.error.code === 'already_set_up') forgetSetUp();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
