import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { LevelRule, RoleRule, SignInPolicyView } from '../../api/types.js';

/** Minutes that are offered until a session that isn't used locks and ends, and for one in all. */
export const lockChoices = [2, 5, 15, 30, 60, 240] as const;
export const idleChoices = [5, 15, 30, 60, 240, 480, 1_440, 10_080, 43_200];
export const absoluteChoices = [60, 240, 480, 720, 1_440, 10_080, 43_200];

/** Characters of a new password that are offered: where it is alone, and where a strong factor always comes on top. */
export const passwordChoices = [15, 16, 18, 20, 24, 32];
export const twoStepPasswordChoices = [8, 10, 12, 14, 15, 16, 20];

/** What SP 800-63B-4 advises: a password alone 30 days at most, used or not; two factors a day, and an hour unused. */
const nistLevels: LevelRule[] = [
  { level: 1, idleMinutes: 43_200, absoluteMinutes: 43_200 },
  { level: 2, idleMinutes: 60, absoluteMinutes: 1_440 },
];

/** A value that was set elsewhere is offered too. */
export const including = (choices: readonly number[], value: number): number[] =>
  [...new Set([...choices, value])].sort((a, b) => a - b);

/** Hours that are offered to wait before a recovery link is mailed. */
export const recoveryChoices = [24, 48, 72, 120, 168];

/** What can't be, isn't sent: a limit that a shorter one comes before. */
function toRule({ role, factorRequired, lockMinutes, absoluteMinutes, ...rest }: RoleRule): RoleRule {
  const idleMinutes = Math.min(rest.idleMinutes, absoluteMinutes);
  const locks = lockMinutes !== null && lockMinutes < idleMinutes;
  return { role, factorRequired, idleMinutes, lockMinutes: locks ? lockMinutes : null, absoluteMinutes };
}

const toLevel = ({ level, idleMinutes, absoluteMinutes }: LevelRule): LevelRule => ({
  level,
  idleMinutes: Math.min(idleMinutes, absoluteMinutes),
  absoluteMinutes,
});

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

  /** Whether sessions of each level end as NIST advises, or would if that was saved. */
  readonly asNistAdvises = $derived(JSON.stringify(this.draft?.levels) === JSON.stringify(nistLevels));

  adviseLevels(): void {
    if (this.draft) this.draft.levels = structuredClone(nistLevels);
  }

  /** @returns whether it was saved */
  save(): Promise<boolean> {
    return this.saving.run(async () => {
      if (!this.draft) return;
      this.stored.value = await api.setSignInPolicy({
        ...$state.snapshot(this.draft),
        roles: this.draft.roles.map(toRule),
        levels: this.draft.levels.map(toLevel),
      });
      this.reset();
    });
  }
}
