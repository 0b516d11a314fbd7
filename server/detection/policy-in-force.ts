import type { DataSource } from 'typeorm';
import type { Policy } from './domain/policy.js';
import { policyOf } from './domain/policy-settings.js';
import { readPolicyInForce } from './store/detection-policies.js';

/** The policy in force as a worker judges by it, read anew once it heard of a change. */
export class PolicyInForce {
  private policy: Policy | undefined;
  private isStale = true;

  constructor(private readonly database: DataSource) {}

  /** There may be another version. Cheap, and harmless when there is none. */
  forget(): void {
    this.isStale = true;
  }

  /** Asked for between batches: within one everything is judged by one version. */
  async current(): Promise<Policy> {
    if (this.policy && !this.isStale) return this.policy;
    // Before reading: a change that is heard of meanwhile counts for the next time.
    this.isStale = false;
    try {
      const { settings, version } = await readPolicyInForce(this.database);
      return (this.policy = policyOf(settings, version));
    } catch (error) {
      this.isStale = true;
      throw error;
    }
  }
}
