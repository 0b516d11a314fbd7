import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { SignInPolicyView } from '../../api/types.js';

/** Minutes that are offered for a session that isn't used, and for one in all. */
export const idleChoices = [5, 15, 30, 60, 240, 480, 1_440, 10_080, 43_200];
export const absoluteChoices = [60, 240, 480, 720, 1_440, 10_080, 43_200];

/** The rules as they stand and as they are being changed. */
export class SignInRules {
  readonly stored = new Resource(api.signInPolicy);
  readonly saving = new Submission();
  /** What the form shows; null before the rules were loaded. */
  draft = $state<SignInPolicyView | null>(null);
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
      const { graceDays, strict, trustDays, roles } = this.draft;
      this.stored.value = await api.setSignInPolicy({
        graceDays,
        strict,
        trustDays,
        roles: roles.map(({ role, factorRequired, idleMinutes, absoluteMinutes }) => ({
          role,
          factorRequired,
          idleMinutes: Math.min(idleMinutes, absoluteMinutes),
          absoluteMinutes,
        })),
      });
      this.reset();
    });
  }
}
