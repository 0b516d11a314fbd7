import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { OrganisationChange, OrganisationView } from '../../api/types.js';
import { session } from '../../app/session.svelte.js';
import { zone } from '../../ui/time.svelte.js';

/** Larger files are not even read; the server decides again, in bytes. */
const FILE_MAX = 256 * 1024;

/** The organisation as it is stored and as it is being changed. */
export class Organisation {
  readonly stored = new Resource(api.organisation);
  readonly saving = new Submission();
  readonly picturing = new Submission();
  draft = $state<OrganisationChange | null>(null);
  /** Why the chosen file was not even sent. */
  fileFault = $state('');

  load = async (): Promise<void> => {
    await this.stored.load();
    const { value } = this.stored;
    if (value) this.draft = { name: value.name, timeZone: value.timeZone };
  };

  save = (): Promise<boolean> =>
    this.saving.run(async () => {
      if (this.draft) this.#take(await api.setOrganisation($state.snapshot(this.draft)));
    });

  setLogo(file: File): Promise<boolean> {
    this.picturing.error = null;
    this.fileFault = file.size > FILE_MAX ? 'The file is larger than 256 KiB.' : '';
    if (this.fileFault !== '') return Promise.resolve(false);
    return this.picturing.run(async () => this.#take(await api.setLogo(await base64Of(file))));
  }

  removeLogo = (): Promise<boolean> =>
    this.picturing.run(async () => {
      this.fileFault = '';
      this.#take(await api.removeLogo());
    });

  /** The top bar and the times on this page follow at once; other pages do when they are next loaded. */
  #take(view: OrganisationView): void {
    this.stored.value = view;
    if (session.me) session.me = { ...session.me, organisation: view };
    zone.organisation = view.timeZone;
  }
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
