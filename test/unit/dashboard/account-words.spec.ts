import {
  activitySentence,
  countsSentence,
  doubtSentence,
  lockDownSteps,
  passwordKnownSentence,
} from '../../../dashboard/src/features/activity/activity-words.js';
import { twoStepSentence } from '../../../dashboard/src/features/two-step/two-step-sentence.js';
import type { AuthenticatorView } from '../../../server/contracts/factors.js';

const having = (...kinds: AuthenticatorView['kind'][]): string =>
  twoStepSentence({
    on: kinds.length > 0,
    authenticators: kinds.map((kind, index) => ({
      id: `${index}`,
      kind,
      name: kind,
      weaker: false,
      preferred: index === 0,
      createdAt: '2026-11-24T14:09:00.000Z',
      lastUsedAt: null,
      locked: false,
    })),
  });

describe('what a person reads about their own account', () => {
  it.each([
    [[], 'Your password alone signs you in.'],
    [['totp'], 'Signing in takes your password and a code from your app.'],
    [['totp', 'sms'], 'Signing in takes your password and a code from your app or a code by SMS (weaker).'],
    [['totp', 'passkey'], 'A passkey alone signs you in. Otherwise it takes your password and a code from your app.'],
    [['passkey', 'passkey'], 'A passkey alone signs you in. Your password alone does not.'],
  ] as const)('says what a sign-in takes with %j', (kinds, sentence) => {
    expect(having(...kinds)).toBe(sentence);
  });

  it('counts tries so that the numbers add up', () => {
    const counts = { all: 41, successful: 3, failed: 30, newDevice: 1, suspicious: 0, passwordKnown: 0 };
    expect(countsSentence(counts)).toBe('41 tries in 90 days: 3 signed in, 30 failed, 8 asked for a second factor.');
    expect(countsSentence({ ...counts, all: 1, successful: 1, failed: 0 })).toBe('1 try in 90 days: 1 signed in.');
  });

  it('doesn’t calm where somebody knew the password', () => {
    const counts = { all: 41, successful: 3, failed: 30, newDevice: 1, suspicious: 0, passwordKnown: 30 };
    expect(activitySentence(counts)).toBe('Somebody knew your password and failed at your second step.');
    expect(passwordKnownSentence({ outcome: 'failure' })).toMatch(
      /failed at your second step\. .+change your password/,
    );
    expect(passwordKnownSentence({ outcome: 'challenge' })).toMatch(/no further than your second step/);
  });

  it('says why it asks about a sign-in', () => {
    expect(doubtSentence({ novelties: [], doubts: ['unusual'] })).toBe('Unusual for you');
    expect(doubtSentence({ novelties: ['country', 'device'], doubts: ['unusual', 'after_failures'] })).toBe(
      'New country and device. Right after a row of failed tries',
    );
    expect(doubtSentence({ novelties: [], doubts: ['backup_code'] })).toBe(
      'With a backup code, in a browser not seen before',
    );
  });

  it('asks to look at two-step sign-in only where there is one', () => {
    const lockDown = {
      attemptId: 'a',
      startedAt: '2026-11-24T14:09:00.000Z',
      application: 'Webmail',
      session: 'ended',
      otherSessions: 0,
      distrusted: 0,
      managerTold: false,
      passwordChangedAt: null,
      factorsCheckedAt: null,
      byBackupCode: false,
    } as const;
    const left = (twoStep: boolean) => lockDownSteps(lockDown, twoStep).filter(({ done }) => !done);
    expect(left(true).map(({ text }) => text)).toEqual([
      'Choose a new password, below.',
      'Then check that every way of your two-step sign-in is yours.',
    ]);
    expect(left(false)).toHaveLength(1);
  });
});
