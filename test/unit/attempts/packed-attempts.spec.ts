import type { NewAttempt } from '../../../server/contracts/attempts.js';
import { acceptAttempt, packAttempts, unpackAttempts } from '../../../server/attempts/domain/packed-attempts.js';
import { attemptsIn } from '../../../server/attempts/inbox.js';

const applications = ['5f0c7f7e-0000-4000-8000-000000000001', '5f0c7f7e-0000-4000-8000-000000000002'] as const;

const bare: NewAttempt = {
  occurredAt: '2026-11-24T08:00:00.123Z',
  subject: 'ana@example.com',
  outcome: 'failure',
  ip: '51.15.0.7',
};
const full: NewAttempt = {
  ...bare,
  id: 'external-1',
  outcome: 'success',
  reason: 'wrong_password',
  ip: '2001:db8::1',
  userAgent: 'curl/8 "quoted"\n\u0000',
  factor: 'totp',
  deviceId: 'device',
  sessionId: 'session',
  correlationId: 'correlation',
  passwordFingerprint: '',
  attributes: { tenant: 'a', tries: 3, mfa: true, note: null },
};

const accept = (record: NewAttempt, index: number) =>
  acceptAttempt(record, {
    attemptId: `0193${index}`,
    applicationId: applications[index % 2] as string,
    occurredAt: Date.parse(record.occurredAt),
    receivedAt: 1_795_000_000_000 + index * 7,
  });

describe('packed attempts', () => {
  const accepted = [bare, full, { ...bare, userAgent: '' }, { ...bare, passwordFingerprint: 'abc' }].map(accept);

  it('come back as they were, whatever was left out', () => {
    expect(unpackAttempts(packAttempts(accepted))).toEqual(accepted);
    expect(unpackAttempts(packAttempts([]))).toEqual([]);
  });

  it('hold no source id, as the key stands for it', () => {
    expect(packAttempts(accepted)).not.toContain('external-1');
  });

  it('name a repeated text once', () => {
    const packed = packAttempts([full, full, full].map(accept));
    expect(packed.split('curl/8')).toHaveLength(2);
  });

  it('are passed over where they were recorded before', () => {
    const payload = packAttempts(accepted);
    expect(attemptsIn({ payload, duplicates: [] })).toHaveLength(4);
    expect(attemptsIn({ payload, duplicates: [0, 2] })).toEqual([accepted[1], accepted[3]]);
  });

  it('refuse a text of another make', () => {
    expect(() => unpackAttempts('{}')).toThrow(TypeError);
    expect(() => unpackAttempts('not json')).toThrow(SyntaxError);
  });
});
