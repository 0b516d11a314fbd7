import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { MailState, PersonAccount, PersonChange, PersonDetail } from '../../api/types.js';
import { toasts } from '../../ui/toasts.svelte.js';

/** How one person gets in, and what an administrator does about it. */
export class AccountState {
  readonly account: Resource<PersonAccount>;
  readonly mail = new Resource<MailState>(api.mail);
  readonly sending = new Submission();

  /** @param changed called after each change, so that the rest of the page follows */
  constructor(
    readonly id: string,
    private readonly changed: () => Promise<void>,
  ) {
    this.account = new Resource(() => api.personAccount(id));
  }

  load = async (): Promise<void> => {
    await Promise.all([this.account.load(), this.mail.load()]);
  };

  /** Where an invitation went, in the words of the toast. */
  get mailPlace(): string {
    const mail = this.mail.value;
    return mail?.way === 'files' ? `No mail server is set: the message is a file in ${mail.target}.` : '';
  }

  save = (change: PersonChange, name: string): Promise<boolean> =>
    this.#do(() => api.changePerson(this.id, change), `Saved ${name}.`);

  disable = ({ name }: PersonDetail, reason: string): Promise<boolean> =>
    this.#do(() => api.disablePerson(this.id, reason || undefined), `${name} can’t sign in any more.`);

  enable = ({ name }: PersonDetail): Promise<boolean> =>
    this.#do(() => api.enablePerson(this.id), `${name} can sign in again.`);

  requirePassword = ({ name }: PersonDetail, reason: string): Promise<boolean> =>
    this.#do(
      () => api.requirePassword(this.id, reason || undefined),
      `${name} must choose a new password at the next sign-in.`,
    );

  invite = ({ name }: PersonDetail): Promise<boolean> =>
    this.#do(() => api.sendInvitation(this.id), `Invited ${name}.`, this.mailPlace);

  withdraw = ({ name }: PersonDetail): Promise<boolean> =>
    this.#do(() => api.withdrawInvitation(this.id), `The invitation of ${name} is void.`);

  async remove({ name }: PersonDetail): Promise<boolean> {
    const done = await this.sending.run(() => api.deletePerson(this.id));
    if (done) toasts.show({ text: `${name} and their data were deleted.` });
    return done;
  }

  async #do(work: () => Promise<unknown>, text: string, detail = ''): Promise<boolean> {
    const done = await this.sending.run(work);
    if (!done) return false;
    toasts.show(detail === '' ? { text } : { text, detail });
    await Promise.all([this.account.load(), this.changed()]);
    return true;
  }
}
