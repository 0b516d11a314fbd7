import { toApiError, type ApiError } from '../../api/api-error.js';
import type { FactorOption, PasskeyOptions, ProofFactor, SentCode, SentFactor, StepUpAnswer } from '../../api/types.js';
import { giveUpPasskey, passkeysWork, usePasskey } from './passkey-client.js';

/** Where an answer goes to. */
export type PromptDoor = {
  answer: (answer: StepUpAnswer) => Promise<void>;
  passkeyOptions: () => Promise<PasskeyOptions>;
  sendCode: (factor: SentFactor) => Promise<SentCode>;
};

/** Asks for one factor out of those that would do. What was typed stays when it is refused. */
export class FactorPrompt {
  readonly options: FactorOption[];
  chosen = $state<ProofFactor>('totp');
  typed = $state('');
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** The browser's window was closed, which is nothing to be sorry for. */
  closed = $state(false);
  /** Where a code went, once one was sent. */
  sent = $state.raw<Pick<SentCode, 'to'> | null>(null);
  #under: Promise<unknown> = Promise.resolve();
  readonly #door: PromptDoor;

  constructor(options: FactorOption[], door: PromptDoor) {
    this.options = options.filter(({ factor }) => factor !== 'passkey' || passkeysWork());
    this.chosen = this.options[0]?.factor ?? 'totp';
    this.#door = door;
  }

  option = $derived.by(() => this.options.find(({ factor }) => factor === this.chosen));
  others = $derived.by(() => this.options.filter(({ factor }) => factor !== this.chosen));

  /**
   * Shows the way that an address names, or the first one.
   * @param sent a code was sent that way before the page was loaded again
   */
  show(way: string | null, sent: boolean): void {
    const factor = (this.options.find((one) => one.factor === way) ?? this.options[0])?.factor;
    if (factor !== undefined && factor !== this.chosen) this.choose(factor);
    if (sent && this.sentBy !== null) this.sent ??= { to: this.option?.name ?? '' };
  }

  choose(factor: ProofFactor): void {
    // The browser's question about the former way is over.
    if (this.busy && this.chosen === 'passkey') void giveUpPasskey();
    this.chosen = factor;
    this.typed = '';
    this.sent = null;
    this.error = null;
    this.closed = false;
  }

  /** The way that codes are sent on, where the chosen one is such. */
  get sentBy(): SentFactor | null {
    return this.chosen === 'email' || this.chosen === 'sms' ? this.chosen : null;
  }

  /** Sends a code, or another one in its place; what was typed for the former is of no use. */
  send(): Promise<void> {
    const factor = this.sentBy;
    if (this.busy || factor === null) return Promise.resolve();
    const sending = this.#send(factor);
    this.#under = sending;
    return sending;
  }

  async #send(factor: SentFactor): Promise<void> {
    this.busy = true;
    this.error = null;
    this.typed = '';
    try {
      const sent = await this.#door.sendCode(factor);
      if (factor === this.chosen) this.sent = sent;
    } catch (thrown) {
      if (factor === this.chosen) this.error = toApiError(thrown);
    } finally {
      this.busy = false;
    }
  }

  /** The refusal was not about the answer: the same one may be sent again. */
  get again(): boolean {
    return this.error?.mayPass === true;
  }

  /** Resolves to true when the factor was right. */
  submit(): Promise<boolean> {
    if (this.busy) return Promise.resolve(false);
    const submitted = this.#submit(this.chosen);
    this.#under = submitted;
    return submitted;
  }

  /** Waits for the answer that is under way, e.g. until the browser has closed its window. */
  async settled(): Promise<void> {
    await this.#under;
  }

  async #submit(factor: ProofFactor): Promise<boolean> {
    this.busy = true;
    this.error = null;
    this.closed = false;
    try {
      const answer = await this.#answer(factor);
      if (answer !== null) await this.#door.answer(answer);
      // Another way may be on the page by now, which that does not concern.
      this.closed = answer === null && factor === this.chosen;
      return answer !== null;
    } catch (thrown) {
      const error = toApiError(thrown);
      if (factor === this.chosen || error.code === 'sign_in_expired') this.error = error;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The refusal in one sentence, and how long to wait where the server says so. */
  get sentence(): string {
    if (!this.error) return '';
    if (this.error.code === 'too_many_tries' && this.error.wait !== '' && this.others.length > 0)
      return `Too many tries. Wait ${this.error.wait}, or use another way.`;
    if (this.error.code === 'wrong_code' && this.chosen === 'backup_code')
      return 'That code is wrong or was used before. Each works once.';
    if (this.error.code === 'wrong_code' && this.sentBy !== null)
      return 'That code is wrong, or a newer one was sent. Only the newest works.';
    if (this.error.code === 'wrong_code') return 'That code has expired or is wrong. Check your phone’s clock.';
    if (this.error.code === 'wrong_credentials') return 'The password is wrong.';
    return `${this.error.message} ${this.error.next}`;
  }

  async #answer(factor: ProofFactor): Promise<StepUpAnswer | null> {
    if (factor === 'password') return { factor, password: this.typed };
    if (factor !== 'passkey') return { factor, code: this.typed };
    const response = await usePasskey(await this.#door.passkeyOptions());
    return response && { factor, response };
  }
}
