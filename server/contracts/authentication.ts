import { z } from 'zod';
import { credentialResponse, factorRequired } from './factors.js';
import { logo, organisationName, organisationView } from './organisation.js';
import { instant } from './paging.js';
import { role } from './people.js';
import { shownName } from './shown-name.js';
import { timeZone } from './time-zone.js';

/** Longest password accepted: well above any manager's default, below what would make hashing a weapon. */
export const PASSWORD_MAX = 256;
/** NIST SP 800-63B-4 §3.1.1.2: at least 15 characters where the password is the only factor. */
export const PASSWORD_MIN = 15;
/** The same section: at least 8 where it is only ever asked together with a second factor. */
export const PASSWORD_MIN_WITH_FACTOR = 8;

export const signInRequest = z.strictObject({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(PASSWORD_MAX),
  /** A computer of several people: short session, not remembered, never trusted. */
  shared: z.boolean().default(false),
});

/** What a session may have to do before anything else. */
export const confinements = ['factor_set_up', 'password_change'] as const;
export type Confinement = (typeof confinements)[number];

export const me = z.object({
  person: z.object({ id: z.uuid(), name: z.string(), email: z.string(), role }),
  organisation: organisationView,
  sessionId: z.uuid(),
  /** What this person may do beyond the own account; `lead`: people report to them, or their role says that some will. */
  may: z.object({ watch: z.boolean(), act: z.boolean(), administer: z.boolean(), lead: z.boolean() }),
  /** Set when this session may do one thing only; everything else answers `set_up_required` or `password_change_required`. */
  confinedTo: z.enum(confinements).nullable(),
  twoStep: z.object({
    /** Sign-in asks for a second factor. */
    on: z.boolean(),
    /** From when on the organisation requires one. */
    requiredFrom: instant.nullable(),
    /** False while there are backup codes of which nobody has said that they are in a safe place. */
    codesSaved: z.boolean(),
    /** Codes by SMS are the only second step that is left: neither an app nor a passkey, and every backup code is used up. */
    smsAlone: z.boolean(),
    /** An account recovery is under way: the owner may have to cancel it. */
    recovering: z.boolean(),
  }),
  lock: z.object({
    /** Everything but who is signed in, unlocking and signing out answers `session_locked`. */
    locked: z.boolean(),
    /** Minutes without use after which this session locks by itself; null where it doesn't. */
    afterMinutes: z.number().nullable(),
    /** What unlocks it. */
    factors: z.array(z.enum(['password', 'passkey'])),
  }),
});
export type Me = z.infer<typeof me>;

export const unlockAnswer = z.discriminatedUnion('factor', [
  z.strictObject({ factor: z.literal('password'), password: z.string().min(1).max(PASSWORD_MAX) }),
  z.strictObject({ factor: z.literal('passkey'), response: credentialResponse }),
]);
export type UnlockAnswer = z.infer<typeof unlockAnswer>;

export const signedIn = z.object({ status: z.literal('signed_in'), me });
export type SignedIn = z.infer<typeof signedIn>;
/** With `factor_required` nobody is signed in yet: the cookie that comes with it opens nothing but the next step. */
export const signInResult = z.discriminatedUnion('status', [signedIn, factorRequired]);
export type SignInResult = z.infer<typeof signInResult>;

export const setUpState = z.object({
  needed: z.boolean(),
  version: z.string(),
  /** Who asks comes from a network whose computers all count as shared. Of other networks nothing is said. */
  sharedComputer: z.boolean(),
  /** Where messages of this installation go; as files they reach nobody by themselves. */
  mail: z.enum(['smtp', 'files']),
  /** Who this Gatehouse belongs to; told to everybody once its administrators have chosen a logo, and before that to nobody. */
  organisation: z.object({ name: z.string(), logo }).nullable(),
});
export type SetUpState = z.infer<typeof setUpState>;
export const setUpRequest = z.strictObject({
  /** From the link printed in the terminal. */
  token: z.string().max(128),
  name: shownName(120),
  email: z.email().max(254),
  password: z.string().min(1).max(PASSWORD_MAX),
  organisation: organisationName,
  timeZone,
});
export type SetUpRequest = z.infer<typeof setUpRequest>;
/** The part of it that can be refused before the organisation is named. */
export const setUpAccount = setUpRequest.pick({ token: true, name: true, email: true, password: true });
export type SetUpAccount = z.infer<typeof setUpAccount>;
