import type { DataSource } from 'typeorm';
import { packUnrecorded } from '../attempts/pack-unrecorded.js';
import { FUTURE_TOLERANCE_MS } from '../contracts/attempts.js';
import {
  type Assessment,
  type AssessmentDetail,
  DECISION_LIMIT_MS,
  type DecisionRequest,
} from '../contracts/decisions.js';
import { uuidAt } from '../platform/clock.js';
import type { Listener } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { type AskedRow, insertAsked, noteTimeouts, readAssessment } from './store/assessments.js';

/** Decisions that may be waited for at once by one server, and by one application of it: nobody can fill it alone. */
const WAITING_MAX = { all: 256, application: 128 };
/** Most asked in one statement. */
const ASKED_MAX = 128;

type Waiting = { applicationId: string; resolve: (answer: Assessment) => void; timer: NodeJS.Timeout };
type Parts = {
  database: DataSource;
  listener: Listener;
  now: () => number;
  /** Called for each answer. */
  onDecided: (answer: Assessment) => void;
  onError: (error: unknown) => void;
};

/**
 * Asks the worker that scores, whose memory alone can tell, what to do with a sign-in. The question is a row, the answer is in it,
 * and notices say that they are there: any number of servers may ask, and whoever holds the lane answers. Who gets no answer in
 * time is told to ask for more.
 */
export class DecideSignIn {
  private readonly waiting = new Map<string, Waiting>();
  private unasked: AskedRow[] = [];
  private asking = false;

  constructor(private readonly parts: Parts) {
    parts.listener.on('decision_made', ({ answers }) => {
      for (const answer of answers) this.answer(answer);
    });
  }

  /**
   * @param limitMs how long it may take, in milliseconds
   * @returns `challenge` with `time` missing when nobody answers in time; never fails for another reason
   * @throws Refusal `invalid_request` for a time that is not now, `backlog_full` when too many wait
   */
  decide(applicationId: string, request: DecisionRequest, limitMs = DECISION_LIMIT_MS): Promise<Assessment> {
    const now = this.parts.now();
    const occurredAt = request.occurredAt === undefined ? now : Date.parse(request.occurredAt);
    if (Math.abs(occurredAt - now) > FUTURE_TOLERANCE_MS)
      throw new Refusal('invalid_request', {
        errors: [{ path: 'occurredAt', message: 'more than 5 minutes from our clock: a decision is about now' }],
      });
    this.requireRoom(applicationId);
    const id = uuidAt(now);
    const { attributes: _unused, ...judged } = request;
    const record = { ...judged, occurredAt: new Date(occurredAt).toISOString(), outcome: 'success' as const };
    const attempt = packUnrecorded(record, { id, applicationId, atMs: occurredAt });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.giveUp(id), limitMs);
      this.waiting.set(id, { applicationId, resolve, timer });
      this.unasked.push({ id, applicationId, attempt });
      void this.askNext();
    });
  }

  /** @throws Refusal `not_found` for what this application never asked, or asked too long ago */
  async read(applicationId: string, id: string): Promise<AssessmentDetail> {
    const row = await readAssessment(this.parts.database, applicationId, id);
    if (!row) throw new Refusal('not_found');
    return { ...row, askedAt: row.askedAt.toISOString() };
  }

  private requireRoom(applicationId: string): void {
    let own = 0;
    for (const each of this.waiting.values()) if (each.applicationId === applicationId) own += 1;
    if (this.waiting.size >= WAITING_MAX.all || own >= WAITING_MAX.application)
      throw new Refusal('backlog_full', { retryAfter: 1, detail: 'Too many decisions are waited for at once.' });
  }

  /** Calls that arrive while a statement is on its way share the next one. */
  private async askNext(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    while (this.unasked.length > 0) {
      const rows = this.unasked.splice(0, ASKED_MAX);
      // What can't be asked runs out of time, which is an answer too.
      await insertAsked(this.parts.database, rows).catch(this.parts.onError);
    }
    this.asking = false;
  }

  private giveUp(assessmentId: string): void {
    this.answer({ assessmentId, decision: 'challenge', score: null, level: null, reasons: [], missing: ['time'] });
    noteTimeouts(this.parts.database, [assessmentId]).catch(this.parts.onError);
  }

  private answer(answer: Assessment): void {
    const waiting = this.waiting.get(answer.assessmentId);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(answer.assessmentId);
    this.parts.onDecided(answer);
    waiting.resolve(answer);
  }
}
