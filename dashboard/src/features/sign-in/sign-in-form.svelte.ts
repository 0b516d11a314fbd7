import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import type { CredentialResponse, FactorAnswer, FactorRequired, RecoveryOffer, SignInResult } from '../../api/types.js';
import { session } from '../../app/session.svelte.js';
import { FactorPrompt } from '../step-up/factor-prompt.svelte.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { usePasskey } from '../step-up/passkey-client.js';

/** No more often is the server asked whether it still waits, and no later, in milliseconds. */
const LOOK_MS = 20_000;
const SIGN_IN_MS = 605_000;

/** What was typed, and what came of it. A refusal keeps everything that was typed. */
export class SignInForm {
  email = $state('');
  password = $state('');
  /** A computer of several people. */
  shared = $state(false);
  /** The rules say it of this network, whatever is ticked: the server decides. */
  sharedHere = $state(false);
  /** Days that this device may be trusted after the second step; 0 where it may not. */
  trustDays = $state(0);
  /** The person wants to skip the second step here from now on. */
  trust = $state(false);
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** The second step, once the password was right and more is asked. */
  prompt = $state.raw<FactorPrompt | null>(null);
  /** The way back in without a second factor, and how it stands. */
  recovery = $state.raw<RecoveryOffer>({ hours: null, open: null });
  /** Who is signing in, as the server knows them, and whose administrators help. */
  who = $state('');
  organisation = $state('');
  /** The browser's window was closed, or had no passkey to offer. */
  closed = $state(false);
  /** When the server will have forgotten what was proved, by the clock of this browser. */
  #over: ReturnType<typeof setTimeout> | undefined;

  /** Resolves to true when signed in or a step further. */
  submit = (): Promise<boolean> =>
    this.#try(async () => {
      this.#take(await api.signIn(this.email.trim(), this.password, this.shared));
      session.tell();
    });

  /** Signs in with a passkey from the browser's window. */
  submitPasskey = (): Promise<boolean> =>
    this.#try(async () => {
      const response = await usePasskey(await api.passkeySignInOptions());
      if (response) this.#take(await api.signInByPasskey(response, this.shared));
      else this.closed = true;
    });

  /** Signs in with the passkey that was chosen where the e-mail is typed. */
  takePasskey = (response: CredentialResponse): Promise<boolean> =>
    this.#try(async () => this.#take(await api.signInByPasskey(response, this.shared)));

  /** After a reload: the server still knows what was proved. Resolves to false when it is too late for that. */
  resume = (): Promise<boolean> => this.#try(async () => this.#ask(await api.signInState()));

  /**
   * Looks whether the question still stands: it may have been answered, given up or begun for somebody else in another tab, and it
   * ends by itself. What was typed stays where it does stand.
   */
  look = async (): Promise<void> => {
    if (!this.prompt || this.busy || this.prompt.busy) return;
    try {
      const state = await api.signInState();
      if (state.email === this.who) this.#endsAt(state.expiresAt);
      else this.#ask(state);
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.code === 'sign_in_expired' && !(await session.adopt())) this.restart(error);
    }
  };

  /** Starts the wait; every address is told. */
  startRecovery = (): Promise<boolean> =>
    this.#try(async () => {
      this.recovery = await api.startRecovery();
    });

  cancelRecovery = (): Promise<boolean> =>
    this.#try(async () => {
      await api.cancelRecoveryHere();
      this.recovery = { ...this.recovery, open: null };
    });

  /** Another page of the same sign-in begins without the former one's refusal. */
  clear(): void {
    this.error = null;
  }

  /** Back to the password; the password itself isn't kept. */
  restart(error: ApiError | null = null): void {
    clearTimeout(this.#over);
    this.prompt = null;
    this.password = '';
    this.error = error;
  }

  /** The refusal in one sentence. */
  get sentence(): string {
    return this.error ? `${this.error.message} ${this.error.next}` : '';
  }

  async #try(step: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    this.closed = false;
    try {
      await step();
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Signed in is signed in: what fails here is said, and keeps nobody out. */
  async #trust(): Promise<void> {
    try {
      await api.trustThisDevice();
    } catch (thrown) {
      toasts.show({ text: 'This device is not trusted.', detail: toApiError(thrown).message });
    }
  }

  #take(result: SignInResult): void {
    if (result.status === 'signed_in') session.enter(result.me);
    else this.#ask(result);
  }

  /** Asked of the server when it is due, as the clocks of this browser and of the server may differ. */
  #endsAt(expiresAt: string): void {
    clearTimeout(this.#over);
    const left = new Date(expiresAt).getTime() - Date.now();
    this.#over = setTimeout(() => void this.look(), Math.min(Math.max(left, LOOK_MS), SIGN_IN_MS));
  }

  #ask({ options, email, organisation, expiresAt, trustDays, recovery }: FactorRequired): void {
    this.#endsAt(expiresAt);
    this.recovery = recovery;
    this.who = email;
    this.organisation = organisation;
    this.trustDays = trustDays;
    this.trust = false;
    this.prompt = new FactorPrompt(options, {
      answer: async (answer) => {
        const signedIn = await api.signInFactor(answer as FactorAnswer);
        if (this.trust) await this.#trust();
        this.#take(signedIn);
      },
      passkeyOptions: api.signInFactorPasskey,
      sendCode: api.sendSignInCode,
    });
  }
}
