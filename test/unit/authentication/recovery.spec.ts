import {
  cancelLife,
  endsRecovery,
  linkRecipients,
  recoveryCourse,
} from '../../../server/authentication/domain/recovery.js';

describe('the rules of account recovery', () => {
  it('remind half-way and are ready after the hours of the organisation', () => {
    expect(recoveryCourse(72)).toEqual({ remindAfter: 36 * 3_600, readyAfter: 72 * 3_600 });
  });

  it('can be cancelled as long as they can be completed', () => {
    expect(cancelLife(24)).toBe(48 * 3_600);
  });

  it('mail the link only to addresses that were there at the beginning and still are', () => {
    expect(linkRecipients(['a@example.com', 'gone@example.com'], ['a@example.com', 'new@example.com'])).toEqual([
      'a@example.com',
    ]);
  });

  it('end with a second factor, not with the password or trust in a browser', () => {
    expect(endsRecovery(['password', 'trusted_device'])).toBe(false);
    for (const proof of ['totp', 'passkey', 'passkey_verified', 'backup_code', 'email', 'sms'] as const)
      expect(endsRecovery(['password', proof])).toBe(true);
  });
});
