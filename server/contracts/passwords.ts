import { z } from 'zod';
import { PASSWORD_MAX } from './authentication.js';
import { instant } from './paging.js';

/** How long a link to set a new password works, in minutes, and an invitation, in days. */
export const RESET_LINK_MINUTES = 30;
export const INVITATION_DAYS = 7;

const newPassword = z.string().min(1).max(PASSWORD_MAX);
const token = z.string().max(64);

/** The rules a new password is held to, and the words an attacker would try first, for the strength meter. */
const passwordRules = z.object({
  minimum: z.number().int(),
  words: z.array(z.string()),
});
export const passwordState = passwordRules.extend({
  changedAt: instant.nullable(),
  /** It was long enough only beside a second factor that is not enforced any more, so a new one is demanded. */
  tooShort: z.boolean(),
});
export type PasswordState = z.infer<typeof passwordState>;

export const changePasswordRequest = z.strictObject({
  current: z.string().min(1).max(PASSWORD_MAX),
  next: newPassword,
});
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>;

export const forgotRequest = z.strictObject({ email: z.string().trim().min(1).max(254) });
/** `way`: where messages of this installation go; as files they reach nobody by themselves. The same for known and unknown addresses. */
export const forgotAnswer = z.object({ status: z.literal('accepted'), way: z.enum(['smtp', 'files']) });
export type ForgotAnswer = z.infer<typeof forgotAnswer>;
/** In a body and not in the address, as addresses end up in logs. */
export const linkRequest = z.strictObject({ token });
export const resetPasswordRequest = z.strictObject({ token, password: newPassword });
export type ResetPasswordRequest = z.infer<typeof resetPasswordRequest>;
/** What a link is for. */
export const linkView = passwordRules.extend({
  purpose: z.enum(['reset_password', 'invitation']),
  name: z.string(),
  email: z.string(),
});
export type LinkView = z.infer<typeof linkView>;
