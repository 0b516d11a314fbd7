import type { Risk, Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import type { Policy } from '../policy.js';

/** What a person changed about how their account is entered; times in milliseconds. */
export interface CredentialChange {
  change: Extract<Signal, { kind: 'credential-change-after-new-device' }>['evidence']['change'];
  /** After the sign-in from which it was changed. */
  afterMs: number;
}

/**
 * The way in was changed soon after a sign-in with a new kind of device or from a new country: what a thief does first to stay.
 * It is about a sign-in that has its score already, so it comes on top of that.
 */
export function credentialChangeAfterNewDevice(
  { change, afterMs }: CredentialChange,
  { signals }: Pick<Risk, 'signals'>,
  { score }: Policy,
): Signal | undefined {
  const { points, soonMs, withinMs } = score.credentialChange;
  const isNew = signals.some(({ kind }) => kind === 'new-device' || kind === 'new-country');
  if (!isNew || afterMs < 0 || afterMs > withinMs) return undefined;
  return {
    kind: 'credential-change-after-new-device',
    points: afterMs <= soonMs ? points : points / 2,
    evidence: { change, minutes: inMinutes(afterMs) },
  };
}
