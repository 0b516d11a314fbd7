import { api } from '../../api/api.js';
import type { CredentialResponse } from '../../api/types.js';
import { offerPasskeys, passkeysWork, giveUpPasskey } from '../step-up/passkey-client.js';

/** The server forgets a challenge after five minutes; people leave this page open for longer. In milliseconds. */
const RENEW_MS = 240_000;

/** Passkeys among the browser's suggestions where the e-mail is typed, beside the saved passwords. */
export class PasskeyOffer {
  #on = false;
  readonly #take: (response: CredentialResponse) => Promise<unknown>;

  /** @param take gets the passkey that was chosen */
  constructor(take: (response: CredentialResponse) => Promise<unknown>) {
    this.#take = take;
  }

  /** Offers until one is chosen or the browser gives up. While it does already, nothing happens. */
  start = async (): Promise<void> => {
    if (this.#on || !passkeysWork()) return;
    this.#on = true;
    const response = await this.#offer();
    this.#on = false;
    if (response) await this.#take(response);
  };

  stop(): void {
    this.#on = false;
    void giveUpPasskey();
  }

  async #offer(): Promise<CredentialResponse | null> {
    for (;;) {
      const challenge = { isOld: false };
      const timer = setTimeout(() => {
        challenge.isOld = true;
        void giveUpPasskey();
      }, RENEW_MS);
      // Without suggestions there are still the password and the button.
      const response = await offerPasskeys(api.passkeySignInOptions).catch(() => null);
      clearTimeout(timer);
      if (response !== null || !challenge.isOld || !this.#on) return response;
    }
  }
}
