import { z } from 'zod';
import { novelty } from './activity.js';
import { client, place } from './detection.js';
import { instant } from './paging.js';
import { shownName } from './shown-name.js';

/** A browser that the person signed in with. */
export const deviceView = z.object({
  id: z.uuid(),
  /** What the person called it; null before that. */
  name: z.string().nullable(),
  client,
  /** True for the one that asks. */
  current: z.boolean(),
  firstSeenAt: instant,
  lastSeenAt: instant,
  /** Where it was used last, from its newest session. */
  place: place.nullable(),
  /** Open sessions on it. */
  sessions: z.number().int(),
  /** Until then it skips the second factor; null where it doesn't. */
  trustedUntil: instant.nullable(),
  /** What was new about a sign-in on it in the last two weeks, unless the person said that it was theirs. */
  novelties: z.array(novelty),
});
export type DeviceView = z.infer<typeof deviceView>;

export const devicesView = z.object({
  items: z.array(deviceView),
  /** Days that a device may be trusted; 0 where none may. */
  trustDays: z.number().int(),
});
export type DevicesView = z.infer<typeof devicesView>;

export const renameDevice = z.strictObject({ name: shownName(60) });
