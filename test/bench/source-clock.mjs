const DAY_MS = 86_400_000;

/** How often a person of the company signs in, a day. */
const SIGN_INS_A_DAY = 10;
/** How far in the past the first attempt lies: room for four million of them at this pace. */
const BEGINS_DAYS_AGO = 90;

/**
 * The time as the attempts tell it. A measurement sends in a minute what the company does in two weeks: with real times every
 * person would seem to sign in twice a second, and a few honest failures would look like an attack. So each attempt is as much
 * later than the one before as it would be in that company, and all phases of a run share one clock.
 */
export class SourceClock {
  #now = Date.now() - BEGINS_DAYS_AGO * DAY_MS;
  #step;

  /** @param {number} people */
  constructor(people) {
    this.#step = DAY_MS / (people * SIGN_INS_A_DAY);
  }

  /** Time of the next attempt, in milliseconds since 1970. */
  next() {
    this.#now += this.#step;
    if (this.#now > Date.now()) throw new Error('More attempts than the past of this clock has room for.');
    return this.#now;
  }
}
