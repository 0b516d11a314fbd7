import type { Outcome } from '../../contracts/attempts.js';
import type { Client, Network, Place } from '../../contracts/detection.js';

/** One login attempt with everything that could be found out about its source. The only input of detection. */
export interface EnrichedAttempt {
  id: string;
  /** When it happened at the source, in milliseconds since 1970. All windows run on this time, never on arrival. */
  occurredAt: number;
  /** The person's id, or `applicationId:normalised subject` where the name belongs to nobody we know. */
  subjectKey: string;
  personId: string | null;
  subjectKnown: boolean;
  applicationId: string;
  outcome: Outcome;
  reason: string | null;
  ip: string;
  /** What one source can't change at will: the IPv4 address, or the /64 of an IPv6 one. */
  addressKey: string;
  /** The neighbourhood of the source: /24 or /48. */
  prefixKey: string;
  network: Network;
  place: Place | null;
  client: Client;
  /** Device class, OS and browser family in one short string. */
  clientKey: string;
  userAgent: string | null;
  factor: string | null;
  deviceId: string | null;
  sessionId: string | null;
  passwordFingerprint: string | null;
}

/** The password or the account was refused: what brute force, spray and stuffing are made of. */
export function failed(attempt: EnrichedAttempt): boolean {
  return attempt.outcome === 'failure' || attempt.outcome === 'blocked';
}

/** The second factor was refused or ran out: the password before it was right. */
export function factorRefused(attempt: EnrichedAttempt): boolean {
  return attempt.outcome !== 'success' && (attempt.reason === 'factor_denied' || attempt.reason === 'factor_timeout');
}

/** The name as people should read it: a person's id, or the subject without its application. */
export function subjectOf(attempt: EnrichedAttempt): string {
  if (attempt.personId !== null) return attempt.personId;
  const prefix = attempt.applicationId.length + 1;
  return attempt.subjectKey.startsWith(attempt.applicationId) ? attempt.subjectKey.slice(prefix) : attempt.subjectKey;
}
