import type { MailState, NotificationState, PersonKind } from '../../api/types.js';
import { count } from '../../ui/wording.js';

export const stateWords: Record<NotificationState, string> = {
  queued: 'Waiting',
  held: 'Held back',
  digested: 'In a digest',
  sent: 'Sent',
  failed: 'Given up',
  bounced: 'Bounced',
};

export const kindWords: Record<PersonKind, string> = {
  password_reset_link: 'Link to set a new password',
  password_changed: 'Password changed',
  password_change_required: 'Password change asked for',
  longer_password_required: 'Longer password asked for',
  invitation: 'Invitation',
  address_confirmation: 'Address to be confirmed',
  address_added: 'Address added',
  address_removed: 'Address removed',
  notices_stopped: 'Messages to an address stopped',
  role_changed: 'Role changed',
  new_device_sign_in: 'Sign-in on a new device',
  trust_copied: 'Trusted device copied',
  session_ended: 'Session ended by someone else',
  sign_in_disowned: 'Sign-in reported as not theirs',
  account_secured: 'Account secured',
  manager_warning: 'Unusual sign-in of somebody',
  sign_in_not_expected: 'Sign-in reported as not expected',
  was_this_you: 'Was this you?',
  sign_in_code: 'Sign-in code',
  sign_in_code_by_sms: 'Sign-in code by SMS',
  factor_added: 'Factor added',
  factor_removed: 'Factor removed',
  two_step_turned_off: 'Two-step sign-in turned off',
  two_step_reminder: 'Reminder of two-step sign-in',
  factors_reset: 'Factors reset',
  backup_codes_made: 'Backup codes made',
  backup_codes_low: 'Few backup codes left',
  recovery_started: 'Account recovery started',
  recovery_reminder: 'Account recovery under way',
  recovery_ready: 'Account recovery link',
  recovery_cancelled: 'Account recovery cancelled',
  recovery_completed: 'Account recovered',
  recovery_watched: 'Account recovery of somebody',
  break_glass_used: 'Emergency way in used',
  webhook_disabled: 'Webhook turned off',
  digest: 'Several messages in one',
  test_message: 'Test message',
};

/** The page's sentence: how mail leaves, and whether any came back. */
export function mailSentence({ way, target, counts }: MailState): string {
  const trouble = counts.bounced + counts.failed;
  const how =
    way === 'smtp'
      ? `Mail leaves through ${target}`
      : 'There is no mail server: messages become files and reach nobody';
  return trouble === 0 ? `${how}.` : `${how}; ${count(trouble, 'message')} did not arrive.`;
}
