import type { AttemptEvent } from './events.js';
import type { Facts } from './facts.js';
import type { Policy } from './policy.js';
import { gatherFailures, type Failures } from './failures.js';
import { logTail, tallyAddress, tallyPerson, tallySource } from './tallies.js';
import type { AddressTally, PersonTally, SourceTally } from './tallies.js';
import type { Trail } from './windows.js';

/** The windows in which the events of a campaign lie. */
export type Scope = 'person' | 'address' | 'prefix' | 'network' | 'client' | 'application';

/** The windows around one attempt. */
export type Trails = Readonly<Record<Scope, Trail | undefined>>;

/**
 * What campaigns see around an attempt: the facts, or where attempts overtook each other, the same windows with later
 * events as well, so that a straggler completes the burst it belongs to. Counted only when asked for.
 */
export class Sight {
  constructor(
    private readonly facts: Facts,
    private readonly trails: Trails,
    private readonly policy: Policy,
  ) {}

  get person(): PersonTally {
    const { person } = this.trails;
    return this.late(person)
      ? tallyPerson(person, this.facts.event, this.policy.latenessMs, this.policy)
      : this.facts.person;
  }

  get address(): AddressTally {
    const { address } = this.trails;
    return this.late(address)
      ? tallyAddress(address, this.facts.event, this.policy.latenessMs, this.policy)
      : this.facts.address;
  }

  get prefix(): SourceTally {
    const { prefix } = this.trails;
    const { windowMs } = this.policy.campaigns.spray;
    return this.late(prefix)
      ? tallySource(prefix, this.facts.event, this.policy.latenessMs, windowMs)
      : this.facts.prefix;
  }

  /** The failures around this one, itself among them, in the windows of the address or the person. */
  failures(scope: 'address' | 'person', windowMs: number): Failures {
    const { event } = this.facts;
    return gatherFailures(this.trails[scope], event.at - windowMs, event.at + this.policy.latenessMs);
  }

  /**
   * Strangers over a wide window, or null when there are plainly fewer than `least`, or no more than usual.
   *
   * @param mostLikely logarithm of the chance below which the number of tries is unusual
   * @param told which tries don't count, as an alert tells of them already
   */
  surge(
    scope: 'network' | 'client' | 'application',
    windowMs: number,
    least: number,
    mostLikely: number,
    told?: (event: AttemptEvent) => boolean,
  ): SourceTally | null {
    const trail = this.trails[scope];
    if (trail === undefined || trail.events.length < least) return null;
    const { event } = this.facts;
    const expected = trail.expected(event.at, windowMs);
    // Cheap before exact: no window holds more than the trail.
    if (logTail(trail.events.length, expected) > mostLikely) return null;
    const tally = tallySource(trail, event, this.policy.latenessMs, windowMs, told);
    return logTail(tally.tries + 1, expected) <= mostLikely ? tally : null;
  }

  private late(trail: Trail | undefined): trail is Trail {
    return trail !== undefined && trail.newest > this.facts.event.at;
  }
}
