import { type Role, staffRoles } from '../../contracts/people.js';

/** How long a session lives: unused, and in any case. In seconds. */
export type SessionLimits = { idleSeconds: number; absoluteSeconds: number };

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** SP 800-63B-4 §2.1.3: at most 30 days overall at AAL1; staff see everybody's data and sign in each day. */
export function limitsFor(role: Role): SessionLimits {
  const staff = (staffRoles as readonly Role[]).includes(role);
  return staff ? { idleSeconds: 8 * HOUR, absoluteSeconds: DAY } : { idleSeconds: 7 * DAY, absoluteSeconds: 30 * DAY };
}
