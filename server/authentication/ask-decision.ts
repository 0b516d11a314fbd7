import type { DecideSignIn } from '../decisions/decide-sign-in.js';
import { Refusal } from '../platform/errors.js';
import type { Told } from './domain/heed-decision.js';
import { clippedUserAgent, type Origin } from './open-session.js';

/**
 * How long our own sign-in waits for a decision, in milliseconds. More than a connected application does: the password is hashed
 * meanwhile, which takes 30 to 300 ms by load, and a second factor asked for nothing annoys more than half a second.
 */
const LIMIT_MS = 500;

/** What to do with a sign-in of our own. Without an `assessmentId` it wasn't even asked about, so there is nothing to report back. */
export type OwnDecision = Told & { assessmentId: string | undefined };

/** Asks before our own sign-ins what connected applications ask by `POST /api/v1/decide`. */
export class AskDecision {
  constructor(
    private readonly decisions: DecideSignIn,
    private readonly ownApplicationId: () => Promise<string>,
  ) {}

  /** Whoever can't be judged, in time or as too many wait, is challenged. */
  async ask(subject: string, { ip, userAgent }: Origin): Promise<OwnDecision> {
    const request = { subject, ip, factor: 'password' as const, ...clippedUserAgent(userAgent) };
    try {
      const told = await this.decisions.decide(await this.ownApplicationId(), request, LIMIT_MS);
      return { decision: told.decision, judged: told.score !== null, assessmentId: told.assessmentId };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { decision: 'challenge', judged: false, assessmentId: undefined };
    }
  }
}
