import { z } from 'zod';

/**
 * Every error a client can meet, by its stable code. The HTTP status and the sentence belong to the code, so that the
 * same mistake reads the same everywhere. `title` says what happened, `next` what to do about it.
 */
export const errorCatalogue = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid.',
    next: 'Correct the fields listed in "errors" and send it again.',
  },
  invalid_cursor: { status: 400, title: 'The cursor is not valid.', next: 'Start again from the first page.' },
  invalid_json: {
    status: 400,
    title: 'The body is not valid JSON.',
    next: 'Send one JSON object, an array, or NDJSON.',
  },
  not_signed_in: { status: 401, title: 'You are not signed in.', next: 'Sign in and try again.' },
  session_ended: { status: 401, title: 'This session was ended.', next: 'Sign in again.' },
  wrong_credentials: { status: 401, title: 'The e-mail or password is wrong.', next: 'Check both and try again.' },
  wrong_code: {
    status: 401,
    title: 'That code has expired or is wrong.',
    next: 'Check your phone’s clock, wait for the next code, and try again.',
  },
  passkey_failed: {
    status: 401,
    title: 'The passkey could not be checked.',
    next: 'Try again, or choose another way.',
  },
  sign_in_expired: {
    status: 401,
    title: 'This sign-in is over.',
    next: 'It took too long, or was finished elsewhere. Start again with your password.',
  },
  invalid_key: {
    status: 401,
    title: 'The application key is not valid.',
    next: 'Create or rotate a key in Settings › Applications.',
  },
  wrong_password: {
    status: 403,
    title: 'That is not your current password.',
    next: 'Check it and try again, or sign out and choose "Forgot your password?".',
  },
  link_invalid: {
    status: 410,
    title: 'This link does not work any more.',
    next: 'A link works once and for a limited time. Ask for a new one.',
  },
  forbidden: { status: 403, title: 'You may not do this.', next: 'Ask an administrator for the role that may.' },
  step_up_required: {
    status: 403,
    title: 'Please confirm that it is you.',
    next: 'Confirm with one of the factors named in "factors", then send the request again.',
  },
  session_locked: {
    status: 403,
    title: 'This session is locked.',
    next: 'Unlock it with your password or a passkey; it goes on where it was.',
  },
  set_up_required: {
    status: 403,
    title: 'Your organisation requires two-step sign-in.',
    next: 'Set it up first; nothing else opens before.',
  },
  password_change_required: {
    status: 403,
    title: 'You have to set a new password.',
    next: 'Change it first; nothing else opens before.',
  },
  required_by_policy: {
    status: 403,
    title: 'Your organisation requires two-step sign-in for your role.',
    next: 'You can change which factors you use, but not turn it off.',
  },
  trust_not_allowed: {
    status: 403,
    title: 'This device can’t be trusted.',
    next: 'Shared computers never are, and your organisation may allow none.',
  },
  factor_not_allowed: {
    status: 403,
    title: 'Your organisation does not allow this kind of second factor.',
    next: 'Use an authenticator app or a passkey.',
  },
  sms_unavailable: {
    status: 409,
    title: 'Codes by SMS can’t be sent here.',
    next: 'Use another way. An administrator can connect an SMS gateway under Settings › SMS.',
  },
  number_not_allowed: {
    status: 422,
    title: 'Codes are not sent to numbers of this country.',
    next: 'Use a number of a country that your organisation allows, or another way.',
  },
  recovery_not_allowed: {
    status: 403,
    title: 'This account can’t be recovered here.',
    next: 'Ask an administrator to reset your two-step sign-in.',
  },
  password_locked: {
    status: 403,
    title: 'Too many wrong passwords in a row.',
    next: 'Sign in on a device you used before or with a passkey, or set a new password by mail.',
  },
  factor_locked: {
    status: 403,
    title: 'Too many wrong codes in a row: this way is closed.',
    next: 'Sign in another way, then remove it and set it up again.',
  },
  missing_scope: {
    status: 403,
    title: 'The application key lacks the scope for this.',
    next: 'Create a key with the scope named in "scope".',
  },
  cross_site: {
    status: 403,
    title: 'The request did not come from this console.',
    next: 'Open the console and try again from there.',
  },
  setup_link_invalid: {
    status: 403,
    title: 'The set-up link is not valid.',
    next: 'Use the link printed in the terminal where Gatehouse was started.',
  },
  not_found: { status: 404, title: 'There is nothing here.', next: 'Check the address, or go back to the list.' },
  already_set_up: { status: 409, title: 'Gatehouse is already set up.', next: 'Sign in.' },
  conflict: { status: 409, title: 'This was changed by someone else.', next: 'Reload and try again.' },
  already_exists: { status: 409, title: 'This already exists.', next: 'Choose another name or address.' },
  last_admin: {
    status: 409,
    title: 'This is the last administrator who can sign in.',
    next: 'Make somebody else an administrator first.',
  },
  drill_running: {
    status: 409,
    title: 'Another drill is running.',
    next: 'Wait for it, or cancel it.',
  },
  backtest_running: {
    status: 409,
    title: 'Another backtest is running.',
    next: 'Wait for it, or cancel it.',
  },
  illegal_transition: {
    status: 409,
    title: 'That step is not possible from the present state.',
    next: 'Reload to see what happened meanwhile.',
  },
  request_too_slow: { status: 408, title: 'The request took too long to arrive.', next: 'Send it again.' },
  body_too_large: { status: 413, title: 'The body is too large.', next: 'Send fewer records at a time.' },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported.',
    next: 'Send application/json or application/x-ndjson.',
  },
  logo_unusable: {
    status: 422,
    title: 'This can’t be used as a logo.',
    next: 'Choose a PNG, JPEG or WebP that stands still, of 16 to 1,024 pixels a side and at most 256 KiB.',
  },
  weak_password: {
    status: 422,
    title: 'The password is too easy to guess.',
    next: 'Choose a longer one that is not a common phrase.',
  },
  too_many_tries: { status: 429, title: 'Too many tries.', next: 'Wait as long as Retry-After says, then try again.' },
  too_many_messages: {
    status: 429,
    title: 'No more codes are sent by SMS for now.',
    next: 'Use another way, or try again later.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers of the request are too large.',
    next: 'Delete the cookies of this address, or send fewer headers.',
  },
  backlog_full: {
    status: 429,
    title: 'Attempts arrive faster than they can be scored.',
    next: 'Nothing was stored. Send this again after Retry-After seconds.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side.',
    next: 'Try again. If it stays, give the id below to your administrator.',
  },
  unavailable: {
    status: 503,
    title: 'Gatehouse can not do this right now.',
    next: 'Nothing was stored. Send this again after Retry-After seconds.',
  },
} as const satisfies Record<string, { status: number; title: string; next: string }>;

/** A stable machine-readable error code; never renamed once released. */
export type ErrorCode = keyof typeof errorCatalogue;

/** One field that is wrong: where (a JSON path like `items.3.ip`) and why. */
export const fieldError = z.object({ path: z.string(), message: z.string() });

/** RFC 9457 problem as sent with `application/problem+json`. `id` is the correlation id found in the logs. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  next: z.string(),
  id: z.string(),
  detail: z.string().optional(),
  errors: z.array(fieldError).optional(),
  /** Seconds to wait; equals the Retry-After header. */
  retryAfter: z.number().int().optional(),
  scope: z.string().optional(),
  /** With `step_up_required`: the factors that would do. */
  factors: z.array(z.string()).optional(),
});
export type Problem = z.infer<typeof problem>;
