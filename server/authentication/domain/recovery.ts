import { RECOVERY_LINK_HOURS } from '../../contracts/recovery.js';
import { type Proof, strongest } from './assurance.js';

const HOUR_SECONDS = 3_600;

/** When what happens in a recovery, in seconds after its beginning. */
export type RecoveryCourse = { remindAfter: number; readyAfter: number };

/** @param hours of waiting, as the organisation has it at the beginning: later changes don't move it */
export const recoveryCourse = (hours: number): RecoveryCourse => ({
  remindAfter: (hours * HOUR_SECONDS) / 2,
  readyAfter: hours * HOUR_SECONDS,
});

/** How long a link that cancels works, in seconds: from the beginning to the last moment at which the recovery can be completed. */
export const cancelLife = (hours: number): number => (hours + RECOVERY_LINK_HOURS) * HOUR_SECONDS;

/** Where the link goes: addresses that were the person's at the beginning and still are. One that was added meanwhile gets none. */
export const linkRecipients = (atStart: readonly string[], now: readonly string[]): string[] =>
  atStart.filter((address) => now.includes(address));

/** Whether these proofs show that the second factors aren't lost; trust in a browser shows nothing. */
export const endsRecovery = (proved: readonly Proof[]): boolean => strongest(proved) > 0;
