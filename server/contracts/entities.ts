import { z } from 'zod';
import { attemptFilter, named } from './attempts.js';
import { client, network } from './detection.js';
import { instant } from './paging.js';

/** Attempts that an entity page looks at, the newest; more would make a page of a busy network slow. */
export const ENTITY_ATTEMPTS = 5_000;
/** Days that it looks back. */
export const ENTITY_DAYS = 30;

/** What a page can be about. */
export const entityKeys = {
  ip: attemptFilter.shape.ip.unwrap(),
  asn: attemptFilter.shape.asn.unwrap(),
  application: attemptFilter.shape.application.unwrap(),
};
export type EntityQuery = { ip: string } | { asn: number } | { application: string };

const tally = z.object({ attempts: z.number().int(), successes: z.number().int(), failures: z.number().int() });
/** The most frequent values of something, and how many there are. */
const top = <T extends z.ZodRawShape>(value: T) =>
  z.object({ total: z.number().int(), items: z.array(tally.extend(value)) });
const days = z.array(
  z.object({
    day: z.iso.date(),
    /** Null for a day before the oldest attempt that was looked at: nobody counted. */
    counts: z.object({ success: z.number().int(), failure: z.number().int() }).nullable(),
  }),
);

export const entityView = z.object({
  /** The address in its shortest form, its neighbourhood, and since when or until when it is treated in a special way. */
  address: z
    .object({
      ip: z.string(),
      special: z.enum(['private', 'reserved']).nullable(),
      /** `203.0.113.0/24`, or the /64 that one subscriber holds. */
      neighbourhood: z.string(),
      /** Of the whole neighbourhood; `capped` where there were more. */
      near: tally.extend({ addresses: z.number().int(), capped: z.boolean() }),
      throttledUntil: instant.nullable(),
    })
    .nullable(),
  application: named.nullable(),
  /** As the newest attempt had it; null where there is none. */
  network: network.nullable(),
  country: z.string().nullable(),
  firstAt: instant.nullable(),
  lastAt: instant.nullable(),
  counts: tally,
  /** Set where only the newest attempts were looked at: since when. */
  since: instant.nullable(),
  days,
  people: top({ person: named.nullable(), name: z.string() }),
  addresses: top({ ip: z.string() }),
  networks: top({ asn: z.number().int(), organisation: z.string().nullable() }),
  countries: top({ country: z.string() }),
  applications: top({ application: named }),
  clients: top({ client: z.string() }),
});
export type EntityView = z.infer<typeof entityView>;

/** A browser that somebody signed in with, as staff see it. */
export const deviceDetail = z.object({
  id: z.uuid(),
  person: z.object({ id: z.uuid(), name: z.string() }),
  name: z.string().nullable(),
  client,
  firstSeenAt: instant,
  lastSeenAt: instant,
  trustedUntil: instant.nullable(),
  removedAt: instant.nullable(),
  openSessions: z.number().int(),
  sessions: z.number().int(),
  days,
});
export type DeviceDetail = z.infer<typeof deviceDetail>;

const { ip } = entityKeys;
export const throttleRequest = z.strictObject({ ip, reason: z.string().trim().max(200).optional() });
export type ThrottleRequest = z.infer<typeof throttleRequest>;
export const releaseRequest = z.strictObject({ ip });
/** `added`: it was not refused before, so that letting it in again is all there is to undo. */
export const throttledSource = z.object({ source: z.string(), until: instant, added: z.boolean() });
export type ThrottledSource = z.infer<typeof throttledSource>;
export const releasedSource = z.object({ released: z.boolean() });

/** Which sessions staff ends in one go; the own one is left. */
export const revokeMatching = z
  .strictObject({
    ip: ip.optional(),
    device: z.uuid().optional(),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .refine(({ ip: address, device }) => (address === undefined) !== (device === undefined), {
    message: 'exactly one of ip and device',
  });
export type RevokeMatching = z.infer<typeof revokeMatching>;
