import type { RiskLevel } from '../../contracts/detection.js';
import type { Policy } from './policy.js';

/** The level of a score of 0–100. */
export function levelOf(score: number, policy: Policy): RiskLevel {
  const { medium, high, critical } = policy.levels;
  if (score >= critical) return 'critical';
  if (score >= high) return 'high';
  return score >= medium ? 'medium' : 'low';
}
