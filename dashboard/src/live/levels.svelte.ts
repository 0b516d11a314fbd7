import { api } from '../api/api.js';
import { Resource } from '../api/resource.svelte.js';
import type { DetectionPolicyView } from '../api/types.js';
import { takeThresholds, thresholds } from './thresholds.js';

/** The thresholds of the policy in force, for screens that follow when it changes. */
class Levels {
  readonly #policy = new Resource(api.detectionPolicy);
  from = $state.raw(thresholds);
  /** The version they are of; null before it was loaded. */
  version = $state.raw<number | null>(null);

  load = async (): Promise<void> => {
    await this.#policy.load();
    if (this.#policy.value) this.take(this.#policy.value);
  };

  take(policy: DetectionPolicyView): void {
    this.from = takeThresholds(policy);
    this.version = policy.version;
  }
}

export const levels = new Levels();
