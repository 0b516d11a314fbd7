import { isForgottenTab, isOtherCountry, severityOf } from '../../../server/sessions/domain/revoked-use.js';

const client = { device: 'desktop', os: 'Windows', browser: 'Edge' } as const;
const session = {
  reason: 'password_changed',
  endedAt: 0,
  client,
  openedNetwork: '192.0.2.0/24',
  lastNetwork: '198.51.100.0/24',
} as const;
const use = { at: 60_000, client, network: session.openedNetwork };
const DAY = 86_400_000;

describe('the token of a revoked session, presented again', () => {
  it('is a forgotten tab with the same client, on a network of its owner, within a week', () => {
    expect(isForgottenTab(session, use)).toBe(true);
    expect(isForgottenTab(session, { ...use, network: session.lastNetwork })).toBe(true);
    expect(isForgottenTab(session, { ...use, at: 7 * DAY + 1 })).toBe(false);
    expect(isForgottenTab(session, { ...use, network: '203.0.113.0/24' })).toBe(false);
    expect(isForgottenTab(session, { ...use, client: { ...client, browser: 'Chrome' } })).toBe(false);
  });

  it.each(['revoked_by_self', 'revoked_by_staff'] as const)(
    'after %s the last user is not taken for the owner',
    (reason) => {
      expect(isForgottenTab({ ...session, reason }, { ...use, network: session.lastNetwork })).toBe(false);
      expect(isForgottenTab({ ...session, reason }, use)).toBe(true);
    },
  );

  it('weighs by what changed, and takes an unknown place for no change', () => {
    expect(severityOf({ client: true, country: true })).toBe('critical');
    expect(severityOf({ client: true, country: false })).toBe('high');
    expect(severityOf({ client: false, country: true })).toBe('medium');
    expect(severityOf({ client: false, country: false })).toBe('low');
    expect(isOtherCountry('PT', undefined)).toBe(false);
    expect(isOtherCountry('PT', 'RO')).toBe(true);
  });
});
