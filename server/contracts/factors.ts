import { z } from 'zod';
import { instant } from './paging.js';
import { phoneNumber } from './sms.js';
import { recoveryOffer, recoveryView } from './recovery.js';
import { shownName } from './shown-name.js';

/** Ways to prove who one is. A backup code stands for the device that was lost. */
export const proofFactors = ['password', 'totp', 'passkey', 'backup_code', 'email', 'sms'] as const;
export type ProofFactor = (typeof proofFactors)[number];

/** Backup codes in a set, and characters of one. */
export const BACKUP_CODES = 10;
export const BACKUP_CODE_LENGTH = 8;

/** People paste `123 456`, and type what they see: spaces and hyphens are not part of a code. */
const squeezed = z
  .string()
  .max(64)
  .overwrite((text) => text.replace(/[\s-]/g, ''));
export const numericCode = squeezed.regex(/^\d{6}$/, 'six digits');
export const backupCode = squeezed
  .overwrite((text) => text.toUpperCase())
  .regex(/^[2-9A-HJ-NP-Z]{8}$/, 'eight letters and digits');

/** What the browser's authenticator answered, as the WebAuthn JSON form has it; checked in full by the server. */
export const credentialResponse = z.looseObject({
  id: z.string().min(1).max(1_024),
  rawId: z.string().min(1).max(1_024),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(4_096) }),
  clientExtensionResults: z.looseObject({}),
});
export type CredentialResponse = z.infer<typeof credentialResponse>;

/** A proof of a second factor. */
export const factorAnswer = z.discriminatedUnion('factor', [
  z.strictObject({ factor: z.literal('totp'), code: numericCode }),
  z.strictObject({ factor: z.literal('email'), code: numericCode }),
  z.strictObject({ factor: z.literal('sms'), code: numericCode }),
  z.strictObject({ factor: z.literal('backup_code'), code: backupCode }),
  z.strictObject({ factor: z.literal('passkey'), response: credentialResponse }),
]);
export type FactorAnswer = z.infer<typeof factorAnswer>;

/** Proof for a sensitive action; the password counts only where the account has nothing better. */
export const stepUpAnswer = z.discriminatedUnion('factor', [
  ...factorAnswer.options,
  z.strictObject({ factor: z.literal('password'), password: z.string().min(1).max(256) }),
]);
export type StepUpAnswer = z.infer<typeof stepUpAnswer>;

/** Ways that codes are sent on. */
export const sentFactor = z.enum(['email', 'sms']);
export type SentFactor = z.infer<typeof sentFactor>;
export const sendRequest = z.strictObject({ factor: sentFactor.default('email') });
export type SendRequest = z.infer<typeof sendRequest>;
/** The phone that is to get codes by SMS. */
export const newNumber = z.strictObject({
  number: phoneNumber,
  /** Asked for where another number takes the place of the only second factor. */
  password: z.string().min(1).max(256).optional(),
});
export type NewNumber = z.infer<typeof newNumber>;

/** How long a code that was sent works, in minutes: SP 800-63B-4 §3.1.3.2 allows ten. */
export const SENT_CODE_MINUTES = 10;
/** Where a code went, mostly covered. */
export const sentCode = z.object({ to: z.string(), minutes: z.number().int() });
export type SentCode = z.infer<typeof sentCode>;

/** A way that is open to this person now. */
export const factorOption = z.object({
  factor: z.enum(proofFactors),
  /** What the person called it, or where a code goes to, mostly covered. */
  name: z.string(),
  /** Doesn't withstand phishing or a stolen number as an app or a passkey does; never counted as AAL2. */
  weaker: z.boolean(),
  preferred: z.boolean(),
  /** Backup codes that are left. */
  left: z.number().int().optional(),
});
export type FactorOption = z.infer<typeof factorOption>;

/** What is still asked before there is a session. */
export const factorRequired = z.object({
  status: z.literal('factor_required'),
  email: z.string(),
  /** Whose administrators help when no way is left. */
  organisation: z.string(),
  options: z.array(factorOption),
  expiresAt: instant,
  /** Days that this device may be trusted afterwards; 0 where it may not. */
  trustDays: z.number().int(),
  recovery: recoveryOffer,
});
export type FactorRequired = z.infer<typeof factorRequired>;

/** A second factor that is asked for at the next sign-in of somebody, by whose rule and because of what. */
export const signInChallenge = z.object({
  person: z.object({ id: z.uuid(), name: z.string() }),
  askedAt: instant,
  until: instant,
  by: z.string(),
  alert: z.object({ id: z.uuid(), number: z.string() }).nullable(),
});
export type SignInChallenge = z.infer<typeof signInChallenge>;

export const authenticatorKinds = ['totp', 'passkey', 'email', 'sms'] as const;
export const authenticatorView = z.object({
  id: z.uuid(),
  kind: z.enum(authenticatorKinds),
  name: z.string(),
  weaker: z.boolean(),
  /** Asked for first at sign-in. */
  preferred: z.boolean(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  /** After too many wrong codes in a row it is dead: remove it and set it up again. */
  locked: z.boolean(),
});
export type AuthenticatorView = z.infer<typeof authenticatorView>;

export const backupCodesView = z.object({
  left: z.number().int(),
  createdAt: instant,
  /** The person said that they were saved. */
  saved: z.boolean(),
  /** When the used ones were used, oldest first. */
  usedAt: z.array(instant),
});

/** How two-step sign-in stands for one person. */
export const factorsView = z.object({
  on: z.boolean(),
  authenticators: z.array(authenticatorView),
  backupCodes: backupCodesView.nullable(),
  /** Required for this person's role; then it can't be turned off. */
  required: z.boolean(),
  /** Kinds that the organisation allows to be set up. */
  allowed: z.array(z.enum(authenticatorKinds)),
  /** The recovery under way, which its owner can cancel. */
  recovery: recoveryView.nullable(),
});
export type FactorsView = z.infer<typeof factorsView>;

/** The same for staff, who also see what is asked at the next sign-in. */
export const personFactors = factorsView.extend({ challenge: signInChallenge.nullable() });
export type PersonFactors = z.infer<typeof personFactors>;

/** A key for an authenticator app, before a code proved that the app has it. */
export const totpSetUp = z.object({
  id: z.uuid(),
  /** Base32. */
  secret: z.string(),
  /** `otpauth://` link, for the QR code and for apps on this device. */
  uri: z.string(),
});
export type TotpSetUp = z.infer<typeof totpSetUp>;
export const confirmCode = z.strictObject({ code: numericCode });

/** A factor is on. With the first one come the backup codes, shown this once. */
export const factorAdded = z.object({ factors: factorsView, backupCodes: z.array(z.string()).nullable() });
export type FactorAdded = z.infer<typeof factorAdded>;

export const newBackupCodes = z.object({ codes: z.array(z.string()) });
export type NewBackupCodes = z.infer<typeof newBackupCodes>;

export const passkeyName = shownName(60);
export const newPasskey = z.strictObject({ name: passkeyName, response: credentialResponse });
export const authenticatorChange = z
  .strictObject({ name: passkeyName.optional(), preferred: z.literal(true).optional() })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change');
export type AuthenticatorChange = z.infer<typeof authenticatorChange>;
/** Options for the browser, in WebAuthn's JSON form. */
export const passkeyOptions = z.looseObject({ challenge: z.string() });
export type PasskeyOptions = z.infer<typeof passkeyOptions>;

/** The ways in which an administrator can have made sure who asks; a call or message that came in is none of them. */
export const identityChecks = ['in_person', 'video_call', 'call_back', 'manager'] as const;
export type IdentityCheck = (typeof identityChecks)[number];

/** An administrator takes somebody's factors away, says how they made sure who asks, and notes what they saw or whom they asked. */
export const resetFactorsRequest = z.strictObject({
  identityCheck: z.enum(identityChecks),
  note: z.string().trim().min(10).max(500),
});
export type ResetFactorsRequest = z.infer<typeof resetFactorsRequest>;

/** Confirms that it is the owner who turns two-step sign-in off: the password, or a code of the app. */
export const turnOffRequest = z.union([
  z.strictObject({ password: z.string().min(1).max(256) }),
  z.strictObject({ code: numericCode }),
]);
export type TurnOffRequest = z.infer<typeof turnOffRequest>;
