import { heedDecision, isRefused } from '../../../server/authentication/domain/heed-decision.js';

const told = (decision: 'allow' | 'challenge' | 'deny', judged = true) => ({ decision, judged });

describe('what our own sign-in makes of a decision', () => {
  it('refuses on "deny" alone, and never on a device that the person signed in with before', () => {
    expect(isRefused(told('deny'), false)).toBe(true);
    expect(isRefused(told('deny'), true)).toBe(false);
    expect(isRefused(told('challenge'), false)).toBe(false);
  });

  it.each([
    [told('allow'), true, true, ['password', 'trusted_device'], undefined],
    [told('allow'), true, false, ['password'], undefined],
    [told('allow'), false, true, ['password'], undefined],
    [told('challenge'), true, true, ['password'], 'risk_challenge'],
    [told('deny'), true, true, ['password'], 'risk_challenge'],
    [told('challenge', false), true, true, ['password'], 'not_judged'],
    // It would have been asked for in any case: the decision changed nothing.
    [told('challenge'), true, false, ['password'], undefined],
    [told('challenge'), false, false, ['password'], 'no_factor_to_ask'],
    [told('challenge', false), false, false, ['password'], 'not_judged'],
  ] as const)('%o with two steps %s on a trusted device %s', (decision, twoStep, trustedDevice, proved, reason) => {
    expect(heedDecision(decision, { twoStep, trustedDevice, challenged: false })).toEqual({ proved, reason });
  });

  it.each([told('allow'), told('challenge'), told('allow', false)])(
    'asks who is challenged by a rule for a second factor, on a trusted device and without two steps too: %o',
    (decision) => {
      for (const twoStep of [true, false])
        expect(heedDecision(decision, { twoStep, trustedDevice: true, challenged: true })).toEqual({
          proved: ['password'],
          reason: 'rule_challenge',
        });
    },
  );
});
