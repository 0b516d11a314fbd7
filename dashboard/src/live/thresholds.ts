import type { DetectionPolicyView } from '../api/types.js';

export type Thresholds = Record<'medium' | 'high' | 'critical', number>;

/** From which score on an attempt is medium, high, critical; what Gatehouse comes with until the policy was loaded. */
export let thresholds: Thresholds = { medium: 30, high: 60, critical: 85 };

/** Takes over what a policy says. @returns the same as `thresholds` from now on */
export function takeThresholds({ settings, defaults }: DetectionPolicyView): Thresholds {
  return (thresholds = { ...thresholds, ...defaults.levels, ...settings.levels } as Thresholds);
}
