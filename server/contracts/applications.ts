import { z } from 'zod';
import { instant } from './paging.js';
import { shownName } from './shown-name.js';

/** What a key may do. `attempts:write` alone can record and read nothing. */
export const scopes = [
  'attempts:write',
  'attempts:read',
  'alerts:read',
  'sessions:read',
  'sessions:revoke',
  'people:write',
  'decide',
] as const;
export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;

export const newApplication = z.strictObject({ name: shownName(80) });
export const newKey = z.strictObject({
  scopes: z.array(scope).min(1).max(scopes.length).default(['attempts:write']),
  expiresAt: instant.refine((at) => Date.parse(at) > Date.now(), 'must be in the future').optional(),
});
export type NewKey = z.infer<typeof newKey>;

/** A new key of the same scopes; the old one keeps working for this long, so that nothing stops meanwhile. */
export const rotateKey = z.strictObject({
  overlapMinutes: z
    .number()
    .int()
    .min(0)
    .max(7 * 24 * 60)
    .default(60),
});

export const keyView = z.object({
  id: z.uuid(),
  /** The public part, e.g. `gh_live_3kTq81Zb`: enough to recognise the key, useless to sign in with. */
  prefix: z.string(),
  scopes: z.array(scope),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
  /** It was rotated: another key took over, this one ends with the overlap. */
  replaced: z.boolean(),
});
export type KeyView = z.infer<typeof keyView>;

/** The only answer that ever holds the secret. */
export const createdKey = keyView.extend({ key: z.string() });
export type CreatedKey = z.infer<typeof createdKey>;

export const applicationView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** `gatehouse` is our own sign-in, always there. */
  kind: z.enum(['gatehouse', 'connected', 'simulated', 'drill']),
  createdAt: instant,
  lastAttemptAt: instant.nullable(),
  attempts24h: z.number().int(),
  keys: z.array(keyView),
});
export type ApplicationView = z.infer<typeof applicationView>;
/** Answer to creating an application: with its first key. */
export const createdApplication = z.object({ application: applicationView, key: createdKey });
export type CreatedApplication = z.infer<typeof createdApplication>;
