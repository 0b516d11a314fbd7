import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import type { TotpSetUp } from '../../api/types.js';

/** Setting up an authenticator app. Nothing is on before a code has worked. */
export class SetUp {
  key = $state.raw<TotpSetUp | null>(null);
  code = $state('');
  /** The backup codes that came with it; only this page ever has them. */
  codes = $state.raw<string[] | null>(null);
  done = $state(false);
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** Why there is no key. */
  loadError = $state.raw<ApiError | null>(null);

  /** Asks for the key; until a code worked it stays the same, so a reload loses nothing. */
  begin = async (): Promise<void> => {
    this.loadError = null;
    try {
      this.key = await api.beginTotp();
    } catch (thrown) {
      this.loadError = toApiError(thrown);
    }
  };

  /** Resolves to true when the code worked. */
  async confirm(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      this.codes = (await api.confirmTotp(this.code)).backupCodes;
      this.done = true;
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** `ABCD EFGH …`, as it can be read and typed. */
  get groups(): string[] {
    return this.key?.secret.match(/.{1,4}/g) ?? [];
  }

  get sentence(): string | undefined {
    if (!this.error) return undefined;
    const seconds = this.error.problem.retryAfter;
    if (seconds !== undefined) return `Too many wrong codes. Wait ${seconds} s, then try the newest one.`;
    if (this.error.code === 'wrong_code') return 'That code has expired or is wrong. Check your phone’s clock.';
    return `${this.error.message} ${this.error.next}`;
  }
}
