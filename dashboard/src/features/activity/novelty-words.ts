import type { Novelty } from '../../api/types.js';

/** What was new about a sign-in, as a tag and as the reason for it. */
export const noveltyWords: Record<Novelty, { tag: string; reason: string }> = {
  device: { tag: 'New device', reason: 'you had not signed in with this kind of device before' },
  country: { tag: 'New country', reason: 'you had not signed in from this country before' },
  network: { tag: 'New network', reason: 'you had not signed in from this network before' },
  travel: { tag: 'Far away', reason: 'too far from your sign-in before to get there in time' },
};
