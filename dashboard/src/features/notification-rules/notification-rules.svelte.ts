import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { NotificationRules as Rules } from '../../api/types.js';

/** How people are told, as it stands and as it is being changed. */
export class NotificationRules {
  readonly stored = new Resource(api.notificationRules);
  readonly saving = new Submission();
  /** What the form shows; null before the rules were loaded. */
  draft = $state<Rules | null>(null);
  readonly changed = $derived(JSON.stringify(this.draft) !== JSON.stringify(this.stored.value));

  load = async (): Promise<void> => {
    await this.stored.load();
    this.reset();
  };

  reset(): void {
    this.draft = this.stored.value === null ? null : structuredClone(this.stored.value);
  }

  /** @returns whether it was saved */
  save(): Promise<boolean> {
    return this.saving.run(async () => {
      if (!this.draft) return;
      this.stored.value = await api.changeNotificationRules($state.snapshot(this.draft));
      this.reset();
    });
  }
}
