import { createMemory, type DetectionMemory } from '../../server/detection/domain/memory.js';
import type { Policy } from '../../server/detection/domain/policy.js';

/**
 * What detection remembers of a drill, apart from everything real: invented people must not change what is usual here, and each drill
 * begins with the same empty memory. It is gone with the next drill, or with the lane.
 */
export class DrillMemory {
  private held: { applicationId: string; memory: DetectionMemory } | undefined;

  memoryOf(applicationId: string, policy: Policy): DetectionMemory {
    if (this.held?.applicationId !== applicationId) this.held = { applicationId, memory: createMemory(policy) };
    return this.held.memory;
  }
}
