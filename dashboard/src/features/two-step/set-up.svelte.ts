import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import { Submission } from '../../api/submission.svelte.js';
import type { TotpSetUp } from '../../api/types.js';
import { unsavedCodes } from './unsaved-codes.svelte.js';

/** Setting up an authenticator app. Nothing is on before a code has worked. */
export class SetUp {
  key = $state.raw<TotpSetUp | null>(null);
  code = $state('');
  /** A code has worked, here or in another tab. */
  done = $state(false);
  /** Why there is no key. */
  loadError = $state.raw<ApiError | null>(null);
  readonly #sending = new Submission();

  /**
   * Asks for the key; until a code worked it stays the same, so a reload loses nothing.
   * @param scanned the key that this page's address says was scanned: once it is on, no other one is begun
   */
  async begin(scanned: string | null): Promise<void> {
    this.loadError = null;
    try {
      if (scanned !== null && (await isOn(scanned))) this.done = true;
      else this.key = await api.beginTotp();
    } catch (thrown) {
      this.loadError = toApiError(thrown);
    }
  }

  /** Resolves to true when the code worked. */
  async confirm(): Promise<boolean> {
    const { key, code } = this;
    if (!key) return false;
    this.done = await this.#sending.run(async () => {
      try {
        unsavedCodes.codes = (await api.confirmTotp(code)).backupCodes;
      } catch (thrown) {
        // Done already: in another tab, or by a try whose answer was lost.
        if (toApiError(thrown).code !== 'illegal_transition' || !(await isOn(key.id))) throw thrown;
      }
    });
    return this.done;
  }

  get busy(): boolean {
    return this.#sending.busy;
  }

  /** The refusal was not about the code: the same one may be sent again. */
  get again(): boolean {
    return this.#sending.error?.mayPass === true;
  }

  /** `ABCD EFGH …`, as it can be read and typed. */
  get groups(): string[] {
    return this.key?.secret.match(/.{1,4}/g) ?? [];
  }

  get sentence(): string | undefined {
    const { error } = this.#sending;
    if (!error) return undefined;
    if (error.code === 'too_many_tries') return `Too many wrong codes. Wait ${error.wait}, then try the newest one.`;
    if (error.code === 'wrong_code') return 'That code has expired or is wrong. Check your phone’s clock.';
    return `${error.message} ${error.next}`;
  }
}

/** Whether this app is one of the account's second steps. */
async function isOn(id: string): Promise<boolean> {
  return (await api.factors()).authenticators.some((one) => one.id === id);
}
