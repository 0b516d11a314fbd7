import { api } from '../../api/api.js';
import { Submission } from '../../api/submission.svelte.js';
import { session } from '../../app/session.svelte.js';
import { usePasskey } from '../step-up/passkey-client.js';

/** What was typed to unlock, and what came of it. */
export class Unlocking {
  password = $state('');
  readonly sending = new Submission();

  /** @returns whether the session is open again */
  byPassword(): Promise<boolean> {
    return this.sending.run(() => session.unlock({ factor: 'password', password: this.password }));
  }

  byPasskey(): Promise<boolean> {
    return this.sending.run(async () => {
      const response = await usePasskey(await api.unlockPasskey());
      if (response) await session.unlock({ factor: 'passkey', response });
    });
  }

  /** The refusal in one sentence. */
  get sentence(): string {
    const { error } = this.sending;
    if (!error) return '';
    if (error.code === 'wrong_credentials') return 'The password is wrong.';
    return `${error.message} ${error.next}`;
  }
}
