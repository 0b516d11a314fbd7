import { z } from 'zod';
import { newAttempt, outcome } from './attempts.js';
import { instant } from './paging.js';
import { riskLevel, signalKinds } from './detection.js';

/** How long a caller waits for a judgement, in milliseconds; after it the answer is `challenge`, with `time` among what is missing. */
export const DECISION_LIMIT_MS = 40;

export const decisions = ['allow', 'challenge', 'deny'] as const;
export const decision = z.enum(decisions);
export type Decision = z.infer<typeof decision>;

/** A sign-in before it is let in: an attempt without what is not known yet. Without a time it is now. */
export const decisionRequest = newAttempt
  .omit({ id: true, outcome: true, reason: true, assessmentId: true })
  .extend({ occurredAt: instant.optional() });
export type DecisionRequest = z.infer<typeof decisionRequest>;

/** Why, without the evidence: what a person did elsewhere is not the business of every application. */
export const decisionReason = z.object({
  /**
   * Signals of the score. Without points: `throttled-source`, sign-ins from there are refused for a time; `challenged-person`, the next
   * sign-in of this person needs a second factor.
   */
  kind: z.enum([...signalKinds, 'throttled-source', 'challenged-person']),
  points: z.number(),
});

/**
 * What to do with a sign-in. `score` is what it would have if it succeeded now; null, like `level`, when it could not be judged in
 * time. `missing` names what could not be judged.
 */
export const assessment = z.object({
  assessmentId: z.uuid(),
  decision,
  score: z.number().int().min(0).max(100).nullable(),
  level: riskLevel.nullable(),
  reasons: z.array(decisionReason),
  missing: z.array(z.enum(['place', 'network', 'client', 'history', 'time'])),
});
export type Assessment = z.infer<typeof assessment>;

/** The same later, with what the application reported about it; null while it reported nothing. */
export const assessmentDetail = assessment.extend({
  askedAt: instant,
  outcome: outcome.nullable(),
  attemptId: z.uuid().nullable(),
});
export type AssessmentDetail = z.infer<typeof assessmentDetail>;
