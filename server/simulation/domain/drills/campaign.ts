import type { ApplicationName } from '../applications.js';
import { attemptOf, idsFrom, type Ids, type SimulatedAttempt, type Visit } from '../attempts.js';
import type { ClientKind, Device } from '../devices.js';
import { addressIn, blocksFor, type Block } from '../networks.js';
import type { Company, Person } from '../people.js';
import { hexOf, seeded, type Random } from '../random.js';

/** An attack under way: everything about it follows from the company, its kind and when it begins. */
export type Campaign = { company: Company; startsAt: number; random: Random; ids: Ids; id: string };

export function campaignOf(kind: string, company: Company, startsAt: number): Campaign {
  const id = `x${hexOf(`${company.seed}/${kind}`, 6)}-${kind}-${startsAt.toString(36)}`;
  return { company, startsAt, random: seeded(company.seed, 'drill', kind, startsAt), ids: idsFrom(id), id };
}

/** Attackers' networks far from every office, so that a success from one stands out. */
export const distantHosting: readonly Block[] = blocksFor('hosting').filter(({ country }) =>
  ['SG', 'HK', 'ID', 'BR', 'IN', 'JP'].includes(country),
);

/** Several addresses of one rented network. */
export function addressesOf(block: Block, count: number, random: Random): string[] {
  const first = random.int(20, 120);
  return Array.from({ length: count }, (_, i) => addressIn(block, first + i * 3));
}

/** A machine of the attacker's; it has no device identity that a source would know. */
export const machine = (campaign: Campaign, client: ClientKind): Device => ({
  id: `dev-${hexOf(`${campaign.id}/${client}`, 12)}`,
  client,
  updateLag: 60,
});

/** The same tries as a person's own would be, made by a stranger: the source reports no known device. */
export function strangerVisit(
  campaign: Campaign,
  person: Person,
  application: ApplicationName,
  ip: string,
  device: Device,
): Visit {
  return { seed: campaign.company.seed, person, application, ip, device, ids: campaign.ids };
}

/** Without a device identity: whoever throws cookies away is new to the source every time. */
export function anonymous(made: SimulatedAttempt): SimulatedAttempt {
  const attempt = { ...made.attempt };
  delete attempt.deviceId;
  return { ...made, attempt };
}

/** From a script that says what it likes about itself. */
export function scripted(made: SimulatedAttempt, userAgent: string): SimulatedAttempt {
  const { application, at, attempt } = anonymous(made);
  return { application, at, attempt: { ...attempt, userAgent } };
}

/** A try for somebody the directory does not have. */
export function unknownTry(
  campaign: Campaign,
  at: number,
  details: { subject: string; ip: string; userAgent: string; application: ApplicationName },
): SimulatedAttempt {
  const { application, ...reported } = details;
  return {
    application,
    at,
    attempt: {
      id: campaign.ids(),
      occurredAt: new Date(at).toISOString(),
      ...reported,
      outcome: 'failure',
      reason: 'unknown_subject',
      factor: 'password',
    },
  };
}

/** A tried password that was wrong. */
export const missed = (visit: Visit, at: number, password: string): SimulatedAttempt =>
  attemptOf(visit, at, { outcome: 'failure', reason: 'wrong_password', factor: 'password', password });

/** A tried password that was right, with nothing else asked. */
export const hit = (visit: Visit, at: number, password: string): SimulatedAttempt =>
  attemptOf(visit, at, { outcome: 'success', factor: 'password', password });

/** `count` instants spread over a duration in order, never two the same. Milliseconds. */
export function spread(startsAt: number, durationMs: number, count: number, random: Random): number[] {
  const step = durationMs / count;
  return Array.from({ length: count }, (_, i) => Math.floor(startsAt + step * (i + random.between(0.05, 0.9))));
}

/** Somebody at a desk: victims have mail and a laptop, warehouse crews don't. */
export const deskPeople = (company: Company): readonly Person[] =>
  company.people.filter(({ rhythm }) => rhythm.kind === 'desk');
