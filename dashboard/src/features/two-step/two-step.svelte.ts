import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import type {
  AuthenticatorView,
  CredentialResponse,
  FactorAdded,
  FactorsView,
  NewNumber,
  SentCode,
  SentFactor,
} from '../../api/types.js';
import { makePasskey } from '../step-up/passkey-client.js';
import { announcer } from '../../ui/announcer.svelte.js';
import { unsavedCodes } from './unsaved-codes.svelte.js';

/** What a person has bound, and what can be done with it. */
export class TwoStep {
  factors = $state.raw<FactorsView | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** Why the last action was not done. */
  refusal = $state.raw<ApiError | null>(null);
  busy = $state(false);
  /** Where a first code went. */
  sent = $state.raw<SentCode | null>(null);
  /** The browser's window was closed, which is nothing to be sorry for. */
  closed = $state(false);
  /** A passkey that the browser made and the server doesn't know yet, as the connection broke: it isn't made a second time. */
  #made: CredentialResponse | null = null;

  load = async (): Promise<void> => {
    try {
      this.factors = await api.factors();
      this.error = null;
    } catch (thrown) {
      this.error = toApiError(thrown);
    }
  };

  /** Resolves to false when it was not made: refused, or the browser's window was closed. */
  addPasskey(name: string): Promise<boolean> {
    return this.#do(async () => {
      const response = this.#made ?? (await makePasskey(await api.newPasskeyOptions()));
      this.closed = response === null;
      if (!response) return false;
      this.#made = response;
      try {
        this.#take(await api.addPasskey(name, response));
        this.#made = null;
      } catch (thrown) {
        if (!toApiError(thrown).mayPass) this.#made = null;
        throw thrown;
      }
      announcer.say(`Added ${name}`, { own: true });
      return true;
    });
  }

  /** Sends a first code to the person's own address, or to a phone. */
  sendCode = (phone?: NewNumber): Promise<boolean> =>
    this.#do(async () => {
      this.sent = await (phone === undefined ? api.beginEmailCodes() : api.beginSmsCodes(phone));
      return true;
    });

  /** Turns codes by e-mail or SMS on with the first one. */
  confirmSent(by: SentFactor, code: string): Promise<boolean> {
    return this.#do(async () => {
      this.#take(await (by === 'sms' ? api.confirmSmsCodes(code) : api.confirmEmailCodes(code)));
      this.sent = null;
      announcer.say(by === 'sms' ? 'Codes by SMS are on' : 'Codes by e-mail are on', { own: true });
      return true;
    });
  }

  newCodes = (): Promise<boolean> =>
    this.#do(async () => {
      unsavedCodes.codes = (await api.newBackupCodes()).codes;
      return true;
    });

  rename = (one: AuthenticatorView, name: string): Promise<boolean> =>
    this.#keep(() => api.changeFactor(one.id, { name }));

  prefer = (one: AuthenticatorView): Promise<boolean> =>
    this.#keep(() => api.changeFactor(one.id, { preferred: true }));

  remove = (one: AuthenticatorView): Promise<boolean> => this.#keep(() => api.removeFactor(one.id));

  cancelRecovery = (): Promise<boolean> =>
    this.#keep(async () => {
      await api.cancelOwnRecovery();
      announcer.say('Account recovery cancelled', { own: true });
      return api.factors();
    });

  /** @param confirmation six digits are a code of the app, everything else is the password */
  turnOff(confirmation: string): Promise<boolean> {
    const code = confirmation.replace(/[\s-]/g, '');
    const body = /^\d{6}$/.test(code) ? { code } : { password: confirmation };
    return this.#keep(() => api.turnTwoStepOff(body));
  }

  /** Another question begins without what came of the former one. */
  clear(): void {
    this.refusal = null;
    this.closed = false;
    this.sent = null;
  }

  #take({ factors, backupCodes }: FactorAdded): void {
    this.factors = factors;
    if (backupCodes) unsavedCodes.codes = backupCodes;
  }

  #keep(change: () => Promise<FactorsView>): Promise<boolean> {
    return this.#do(async () => {
      this.factors = await change();
      return true;
    });
  }

  async #do(action: () => Promise<boolean>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refusal = null;
    try {
      return await action();
    } catch (thrown) {
      const error = toApiError(thrown);
      // Giving up the confirmation is an answer, not an error.
      if (error.code !== 'step_up_required') this.refusal = error;
      // Done meanwhile in another tab: the page then shows what there is.
      if (error.status === 409 || error.status === 404) await this.load();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
