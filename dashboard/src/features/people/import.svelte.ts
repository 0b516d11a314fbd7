import { api } from '../../api/api.js';
import { Submission } from '../../api/submission.svelte.js';
import type { ImportPreview, ImportRow, InvitationsResult } from '../../api/types.js';
import { count, list } from '../../ui/wording.js';

/** As the server: larger ones are refused there anyway. */
const FILE_BYTES_MAX = 512 * 1024;

/** A file of people on its way: chosen, shown, carried out. */
export class PeopleImport {
  fileName = $state('');
  preview = $state.raw<ImportPreview | null>(null);
  done = $state.raw<ImportPreview | null>(null);
  /** Why the file was not even sent. */
  problem = $state('');
  readonly sending = new Submission();
  readonly inviting = new Submission();
  /** How many were invited after the import, and how many needed it not. */
  invited = $state.raw<InvitationsResult | null>(null);
  #csv = '';

  async choose(file: File): Promise<void> {
    this.fileName = file.name;
    this.preview = this.done = this.invited = null;
    this.problem = '';
    this.sending.error = null;
    if (file.size > FILE_BYTES_MAX) {
      this.problem = `${file.name} is larger than 512 KB. Split it into several files.`;
      return;
    }
    this.#csv = await file.text();
    await this.look();
  }

  look = async (): Promise<void> => {
    await this.sending.run(async () => {
      this.preview = await api.previewImport(this.#csv);
    });
  };

  apply = async (): Promise<void> => {
    const { preview } = this;
    if (!preview) return;
    await this.sending.run(async () => {
      this.done = await api.applyImport(this.#csv, preview.fingerprint);
      this.preview = null;
    });
  };

  /** Mails whoever of the file can't sign in yet a link. A second time invites nobody twice. */
  invite = async (): Promise<void> => {
    const { done } = this;
    if (!done) return;
    await this.inviting.run(async () => {
      this.invited = await api.invitePeople(done.rows.map(({ email }) => email));
    });
  };
}

/** What came of inviting them. */
export function invitedSentence({ invited, left }: InvitationsResult): string {
  const others =
    left === 0 ? '' : ` ${count(left, 'person')} needed none: they can sign in, or have a link that works.`;
  return `${count(invited, 'person')} ${invited === 1 ? 'was' : 'were'} mailed a link to choose a password.${others}`;
}

/** `2 people are added, 1 is changed, 40 stay as they are`. */
export function importSentence({ added, changed, unchanged, refused }: ImportPreview, past: boolean): string {
  const is = (many: number): string => (past ? (many === 1 ? 'was' : 'were') : many === 1 ? 'is' : 'are');
  const parts = [
    ...(added > 0 ? [`${count(added, 'person')} ${is(added)} added`] : []),
    ...(changed > 0 ? [`${count(changed, 'person')} ${is(changed)} changed`] : []),
    ...(refused > 0 ? [`${count(refused, 'line')} can’t be used`] : []),
    ...(unchanged > 0 ? [`${count(unchanged, 'person')} ${unchanged === 1 ? 'stays' : 'stay'} as before`] : []),
  ];
  return parts.length === 0 ? 'The file names nobody.' : `${list(parts)}.`;
}

/** What whoever carries out the file loses by it, as nothing else on the page says that it is about them; null for nothing. */
export function ownLossWords({ rows }: ImportPreview, ownEmail: string): string | null {
  const own = rows.find(({ kind, email }) => kind === 'changed' && email.toLowerCase() === ownEmail.toLowerCase());
  const role = own?.changes.find(({ field }) => field === 'role');
  if (!own || role?.before !== 'admin') return null;
  return `Line ${own.line} takes your own administrator role: your sessions end, and you can’t take it back yourself.`;
}

export const rowWords: Record<ImportRow['kind'], string> = {
  added: 'Added',
  changed: 'Changed',
  unchanged: 'As before',
  refused: 'Not possible',
};
