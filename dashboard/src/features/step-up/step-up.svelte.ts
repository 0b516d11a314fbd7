import { api } from '../../api/api.js';
import { toApiError, type ApiError } from '../../api/api-error.js';
import { session } from '../../app/session.svelte.js';
import { FactorPrompt } from './factor-prompt.svelte.js';

/** Asks for a factor in the middle of something, and lets it go on. Several requests that ask at once share one question. */
class StepUp {
  open = $state(false);
  prompt = $state.raw<FactorPrompt | null>(null);
  error = $state.raw<ApiError | null>(null);
  #waiting: ((confirmed: boolean) => void)[] = [];

  constructor() {
    session.onLeave(() => this.settle(false));
  }

  ask(): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => this.#waiting.push(resolve));
    if (!this.open) {
      this.open = true;
      void this.load();
    }
    return answered;
  }

  load = async (): Promise<void> => {
    this.prompt = null;
    this.error = null;
    try {
      const { options } = await api.stepUpOptions();
      this.prompt = new FactorPrompt(options, {
        answer: async (answer) => {
          await api.stepUp(answer);
        },
        passkeyOptions: api.stepUpPasskey,
        sendCode: api.sendStepUpCode,
      });
    } catch (thrown) {
      this.error = toApiError(thrown);
    }
  };

  /** Closes the question; whoever asked goes on or stops. */
  settle(confirmed: boolean): void {
    this.open = false;
    this.prompt = null;
    for (const resolve of this.#waiting.splice(0)) resolve(confirmed);
  }
}
export const stepUp = new StepUp();
