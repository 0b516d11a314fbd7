import { z } from 'zod';
import { novelty } from './activity.js';
import { alertKind } from './alerts.js';
import { riskLevel } from './detection.js';
import { circumstances } from './notifications.js';
import { instant } from './paging.js';

/** How long the link of a warning takes answers, in hours: as long as that of "Was this you?". */
export const WARNING_HOURS = 24;
/** Managers of the reporting line who are warned, one after the other, before security is. */
export const LINE_STEPS = 2;

/**
 * What a manager answers. `asking`: I ask the person, nobody else need be told. `expected`: closes the alert. `not_expected`: locks the
 * account down. The first leaves the other two open.
 */
export const warningAnswers = ['asking', 'expected', 'not_expected'] as const;
export const warningAnswer = z.enum(warningAnswers);
export type WarningAnswer = z.infer<typeof warningAnswer>;

const token = z.string().max(64);
export const warningRequest = z.strictObject({ token });
export const warningReply = z.strictObject({
  token,
  answer: warningAnswer,
  /** `lastAt` of what the page showed: what came later is not answered unseen. */
  seen: instant,
});
export type WarningReply = z.infer<typeof warningReply>;

/** Who answered, and when. */
const given = z.object({ answer: warningAnswer, by: z.string(), at: instant });

/** A warning as its page shows it, signed out: no more than the mail says, and no address. */
export const warningView = z.object({
  number: z.string(),
  kind: alertKind,
  severity: riskLevel,
  person: z.string(),
  circumstances: circumstances.omit({ ip: true }),
  application: z.string(),
  novelties: z.array(novelty),
  lastAt: instant,
  expiresAt: instant,
  /** What was answered so far, by whomever, newest last. */
  answers: z.array(given),
  /** Whether it can still be concluded; not once somebody did, or the alert is resolved. */
  open: z.boolean(),
});
export type WarningView = z.infer<typeof warningView>;
