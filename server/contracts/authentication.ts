import { z } from 'zod';
import { role } from './people.js';

/** Longest password accepted: well above any manager's default, below what would make hashing a weapon. */
export const PASSWORD_MAX = 256;
/** NIST SP 800-63B-4 §3.1.1.2: at least 15 characters where the password is the only factor. */
export const PASSWORD_MIN = 15;

export const signInRequest = z.strictObject({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(PASSWORD_MAX),
});

export const me = z.object({
  person: z.object({ id: z.uuid(), name: z.string(), email: z.string(), role }),
  organisation: z.object({ name: z.string(), timeZone: z.string() }),
  sessionId: z.uuid(),
  /** What this person may do beyond the own account. */
  may: z.object({ watch: z.boolean(), act: z.boolean(), administer: z.boolean() }),
});
export type Me = z.infer<typeof me>;

/** `factor_required` is reserved for the second factor; the client must not treat it as signed in. */
export const signInResult = z.discriminatedUnion('status', [z.object({ status: z.literal('signed_in'), me })]);
export type SignInResult = z.infer<typeof signInResult>;

export const setUpState = z.object({ needed: z.boolean(), version: z.string() });
export type SetUpState = z.infer<typeof setUpState>;
export const setUpRequest = z.strictObject({
  /** From the link printed in the terminal. */
  token: z.string().max(128),
  name: z.string().trim().min(1).max(120),
  email: z.email().max(254),
  password: z.string().min(1).max(PASSWORD_MAX),
  organisation: z.string().trim().min(1).max(120),
  timeZone: z.string().max(64),
});
export type SetUpRequest = z.infer<typeof setUpRequest>;
