import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { DrillView } from '../../api/types.js';

/** How often it is asked how far a drill is, in milliseconds. */
const ASK_EVERY_MS = 700;

/** The last drills, also ones that were begun elsewhere; they go on when the page is closed. */
export class Drills {
  readonly sending = new Submission();
  readonly all = new Resource<DrillView[]>(async () => (await api.drills()).items);
  readonly active = $derived(this.all.value?.find(({ state }) => state === 'waiting' || state === 'running'));
  readonly newest = $derived(this.all.value?.find(({ result }) => result !== null));

  /** Follows one while it is active. @returns how to stop */
  follow = (): (() => void) | undefined => {
    if (!this.active) return undefined;
    const timer = setInterval(() => void this.all.load(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  };

  start = (): Promise<boolean> =>
    this.sending.run(async () => {
      await api.startDrill();
      await this.all.load();
    });

  cancel(id: string): Promise<boolean> {
    return this.sending.run(async () => {
      await api.cancelDrill(id);
      await this.all.load();
    });
  }
}
