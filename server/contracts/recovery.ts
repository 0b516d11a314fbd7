import { z } from 'zod';
import { instant } from './paging.js';

/** Bounds and default of the wait before a recovery link is mailed, in hours: long enough to be noticed by the owner. */
export const RECOVERY_HOURS_MIN = 24;
export const RECOVERY_HOURS_MAX = 168;
/** How long the link at the end works, in hours: SP 800-63B-4 §4.2.1.2 allows a code sent by e-mail 24. */
export const RECOVERY_LINK_HOURS = 24;

/** A recovery under way. */
export const recoveryView = z.object({
  startedAt: instant,
  /** When the wait is over. */
  readyAt: instant,
  /** Until when the link that was mailed works; null as long as none was. */
  linkExpiresAt: instant.nullable(),
  /** Where the notices went, and where the link goes; mostly covered. */
  addresses: z.array(z.string()),
});
export type RecoveryView = z.infer<typeof recoveryView>;

/**
 * What a sign-in may do that can't show its second factor; `hours` is null where the organisation allows no recovery, and where a
 * mailed link set the password, as mail alone must not recover an account.
 */
export const recoveryOffer = z.object({ hours: z.number().int().nullable(), open: recoveryView.nullable() });
export type RecoveryOffer = z.infer<typeof recoveryOffer>;

/** Starting takes nothing: the wait is the organisation's. */
export const recoveryStartRequest = z.strictObject({});

/** In a body and not in the address, as addresses end up in logs. */
export const recoveryLinkRequest = z.strictObject({ token: z.string().max(64) });
/** What a mailed link is for; `recover_account` cancels too. */
export const recoveryLinkView = z.object({
  purpose: z.enum(['recover_account', 'cancel_recovery']),
  /** Whose, mostly covered. */
  email: z.string(),
  recovery: recoveryView,
});
export type RecoveryLinkView = z.infer<typeof recoveryLinkView>;
