import type { ReputationPolicy } from './policy.js';

/** Subjects remembered to tell the next one from those before. */
const RECENT = 8;

/**
 * What strangers and regulars lately did from one network or with one client, without any label: four decaying sums.
 * About 200 bytes.
 */
export class Reputation {
  private at = 0;
  private failures = 0;
  private regulars = 0;
  private newcomers = 0;
  private usualNewcomers = 0;
  private readonly failed: number[] = [];
  private readonly came: number[] = [];

  /** A stranger failed from here. Tries of one subject in a row count once. */
  addFailure(subject: number, at: number, policy: ReputationPolicy): void {
    this.age(at, policy);
    if (note(this.failed, subject)) this.failures += decay(this.at - at, policy.strangersMs);
  }

  addRegular(at: number, policy: ReputationPolicy): void {
    this.age(at, policy);
    this.regulars += decay(this.at - at, policy.strangersMs);
  }

  /** Somebody signed in from here for the first time. */
  addNewcomer(subject: number, at: number, policy: ReputationPolicy): void {
    this.age(at, policy);
    if (!note(this.came, subject)) return;
    this.newcomers += decay(this.at - at, policy.newcomersMs);
    this.usualNewcomers += decay(this.at - at, policy.usualMs);
  }

  /** Distinct strangers who failed, apart from the subject itself; decayed over the policy's week. */
  strangers(subject: number, at: number, policy: ReputationPolicy): number {
    const own = this.failed.includes(subject) ? 1 : 0;
    return Math.max(0, this.failures - own) * decay(at - this.at, policy.strangersMs);
  }

  /** How much strangers' failures outweigh what regulars explain, as a natural logarithm; 0 = nothing unusual. */
  hostility(subject: number, at: number, policy: ReputationPolicy): number {
    const strangers = this.strangers(subject, at, policy);
    const explained = policy.failuresPerRegular * this.regulars * decay(at - this.at, policy.strangersMs);
    return Math.max(0, Math.log((strangers + 1) / (explained + 1)));
  }

  /** People who came for the first time within hours, apart from the subject itself and beyond what is usual. */
  together(subject: number, at: number, policy: ReputationPolicy): number {
    const own = this.came.includes(subject) ? 1 : 0;
    const now = (this.newcomers - own) * decay(at - this.at, policy.newcomersMs);
    const usual = (this.usualNewcomers * decay(at - this.at, policy.usualMs) * policy.newcomersMs) / policy.usualMs;
    return Math.max(0, now - usual);
  }

  /**
   * How much people who came once outweigh those who are at home, as a natural logarithm, at most the policy's bound:
   * a network that people only ever visit once is an attacker's, or a holiday's.
   */
  transience(subject: number, at: number, policy: ReputationPolicy): number {
    const own = this.came.includes(subject) ? 1 : 0;
    const visitors = Math.max(0, this.usualNewcomers * decay(at - this.at, policy.usualMs) - own);
    const regulars = policy.visitorsPerRegular * this.regulars * decay(at - this.at, policy.strangersMs);
    return Math.min(policy.transienceMost, Math.max(0, Math.log((visitors + 1) / (regulars + 1))));
  }

  private age(at: number, policy: ReputationPolicy): void {
    const step = at - this.at;
    if (step <= 0) return;
    const week = decay(step, policy.strangersMs);
    this.failures *= week;
    this.regulars *= week;
    this.newcomers *= decay(step, policy.newcomersMs);
    this.usualNewcomers *= decay(step, policy.usualMs);
    this.at = at;
  }
}

/** What is left of a sum after `ms`, with that mean life. */
const decay = (ms: number, meanLifeMs: number): number => (ms <= 0 ? 1 : Math.exp(-ms / meanLifeMs));

/** @returns whether the subject wasn't among the recent ones */
function note(recent: number[], subject: number): boolean {
  if (recent.includes(subject)) return false;
  if (recent.length >= RECENT) recent.shift();
  recent.push(subject);
  return true;
}
