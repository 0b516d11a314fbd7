import type { AlertEvidence } from '../../contracts/alerts.js';
import { riskLevels, type RiskLevel } from '../../contracts/detection.js';
import * as flag from './events.js';
import type { AttemptEvent } from './events.js';
import { Roll } from './roll.js';
import { NOTHING } from './traits.js';

interface Source {
  asn: number | null;
  organisation: string | null;
  country: string | null;
}

/** One attack while it goes on: who tried, who was tried, who got in. Counts only grow. */
export class Campaign {
  attempts = 0;
  failures = 0;
  successes = 0;
  /** Failures by strangers, and from countries that are new to the person. */
  strangers = 0;
  fromNewCountry = 0;
  /** Tries with names that nobody has. */
  unknownTries = 0;
  /** People who got in that way and were not at home there; the highest score among their sign-ins. */
  gotIn = 0;
  highestScore: number | null = null;
  severity: RiskLevel = 'low';
  lastAt: number;
  readonly subjects = new Roll<null>();
  readonly addresses = new Roll<Source>();
  /** Client strings of the attackers: what links tries that share no address. */
  readonly clients = new Set<number>();

  constructor(
    readonly dedupKey: string,
    readonly subject: string,
    public startedAt: number,
  ) {
    this.lastAt = startedAt;
  }

  get weight(): number {
    return this.subjects.weight + this.addresses.weight + this.clients.size + 1;
  }

  /** @param score of the sign-in, for somebody who got in; else null */
  add(event: AttemptEvent, score: number | null): void {
    const { flags } = event;
    this.attempts += 1;
    if (flags & flag.FAILED) this.failures += 1;
    if (flags & flag.SUCCEEDED) this.successes += 1;
    if (flags & flag.FAILED && flags & flag.STRANGER) this.strangers += 1;
    if (flags & flag.UNKNOWN_SUBJECT) this.unknownTries += 1;
    if (flags & flag.NEW_COUNTRY) this.fromNewCountry += 1;
    if (score !== null) {
      this.gotIn += 1;
      this.highestScore = Math.max(this.highestScore ?? 0, score);
    }
    this.subjects.add(event.subjectHash, event.subject, score !== null, null);
    const { organisation, country } = event;
    const asn = event.asn === NOTHING ? null : event.asn;
    this.addresses.add(event.addressHash, event.ip, false, { asn, organisation, country });
    if (this.clients.size < CLIENTS_MAX) this.clients.add(event.clientHash);
    this.lastAt = Math.max(this.lastAt, event.at);
    this.startedAt = Math.min(this.startedAt, event.at);
  }

  /** Severity follows the campaign upwards only. */
  raiseTo(level: RiskLevel): void {
    this.severity = higher(this.severity, level);
  }

  evidence(): AlertEvidence {
    return {
      attempts: this.attempts,
      failures: this.failures,
      successes: this.successes,
      subjects: this.subjects.distinct,
      addresses: this.addresses.distinct,
      topSubjects: this.subjects.busiest().map(({ value, count, marked }) => ({ value, count, gotIn: marked })),
      topAddresses: this.addresses.busiest().map(({ value, count, detail }) => ({ value, count, ...detail })),
    };
  }
}

const CLIENTS_MAX = 256;

export function higher(a: RiskLevel, b: RiskLevel): RiskLevel {
  return riskLevels.indexOf(a) >= riskLevels.indexOf(b) ? a : b;
}

/** The next level up; critical stays. */
export function above(level: RiskLevel): RiskLevel {
  return riskLevels[riskLevels.indexOf(level) + 1] ?? level;
}
