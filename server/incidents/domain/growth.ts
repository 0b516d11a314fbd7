import type { AlertKind } from '../../contracts/alerts.js';
import { type RiskLevel, riskLevels } from '../../contracts/detection.js';
import type { CountedAttempt, Finding } from '../../detection/domain/campaigns.js';

/** Tries of one source or as one name, in one batch; times in milliseconds since 1970. */
export interface Tries {
  attempts: number;
  failures: number;
  lastAt: number;
}
export interface SourceTries extends Tries {
  asn: number | null;
  organisation: string | null;
  country: string | null;
}
export interface SubjectTries extends Tries {
  /** When somebody got in as that person; null while nobody did. */
  gotInAt: number | null;
}

/** What one batch adds to an incident. Each attempt is counted once, however many findings it is part of. */
export interface Growth extends Tries {
  id: string;
  isNew: boolean;
  keys: string[];
  kinds: AlertKind[];
  severity: RiskLevel;
  firstAt: number;
  simulated: boolean;
  sources: Map<string, SourceTries>;
  subjects: Map<string, SubjectTries>;
}

export type Member = Pick<Finding, 'dedupKey' | 'kind' | 'severity' | 'firstAt' | 'at' | 'counted'> & {
  simulated: boolean;
};

/** @param members findings that belong to the incident, at least one */
export function growthOf(id: string, isNew: boolean, members: readonly Member[]): Growth {
  const growth: Growth = {
    id,
    isNew,
    keys: members.map(({ dedupKey }) => dedupKey),
    kinds: [...new Set(members.map(({ kind }) => kind))],
    severity: worst(members),
    simulated: members.every(({ simulated }) => simulated),
    firstAt: Math.min(...members.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...members.map(({ at }) => at)),
    attempts: 0,
    failures: 0,
    sources: new Map(),
    subjects: new Map(),
  };
  for (const { counted } of members) for (const event of counted) add(growth, event);
  return growth;
}

const worst = (members: readonly Member[]): RiskLevel =>
  riskLevels.findLast((level) => members.some(({ severity }) => severity === level)) ?? 'low';

function add(growth: Growth, attempt: CountedAttempt): void {
  const { at, failed, ip, asn, organisation, country } = attempt;
  let source = growth.sources.get(ip);
  if (source === undefined)
    growth.sources.set(ip, (source = { attempts: 0, failures: 0, lastAt: at, asn, organisation, country }));
  let subject = growth.subjects.get(attempt.subject);
  if (subject === undefined)
    growth.subjects.set(attempt.subject, (subject = { attempts: 0, failures: 0, lastAt: at, gotInAt: null }));
  for (const tries of [growth, source, subject]) {
    tries.attempts += 1;
    if (failed) tries.failures += 1;
    tries.lastAt = Math.max(tries.lastAt, at);
  }
  if (attempt.gotIn) subject.gotInAt = at;
}
