import { decisionWords } from '../../../dashboard/src/features/alerts/decision-words.js';
import { without } from '../../../dashboard/src/features/alerts/counterfactual.js';
import { asksFirst, reachWords } from '../../../dashboard/src/features/alerts/reach-words.js';
import { bringsNews } from '../../../server/alerts/domain/brings-news.js';
import { aboutWhom, isCovered, muteScope } from '../../../server/alerts/domain/mute-scope.js';
import { sayTooLate } from '../../../server/alerts/domain/too-late.js';
import { settle } from '../../../server/detection/domain/score.js';
import { transition } from '../../../server/alerts/domain/transitions.js';
import { alertStatuses, type AlertEvidence } from '../../../server/contracts/alerts.js';

const evidence = (over: Partial<AlertEvidence> = {}): AlertEvidence => ({
  attempts: 10,
  failures: 10,
  successes: 0,
  subjects: 1,
  addresses: 1,
  topSubjects: [{ value: 'sam', count: 10, gotIn: false }],
  topAddresses: [{ value: '203.0.113.7', count: 10, asn: 64496, organisation: 'Quarry Hosting', country: 'SG' }],
  ...over,
});

describe('the moves of an alert', () => {
  it('are legal from these states only', () => {
    const from = (action: Parameters<typeof transition>[1]) =>
      alertStatuses.filter((status) => transition(status, action) !== undefined);
    expect(from('take')).toEqual(['new', 'in_progress', 'on_hold']);
    expect(from('hold')).toEqual(['new', 'in_progress', 'on_hold']);
    expect(from('return')).toEqual(['on_hold']);
    expect(from('resolve')).toEqual(['new', 'in_progress', 'on_hold']);
    expect(from('close')).toEqual(['resolved']);
    expect(from('reopen')).toEqual(['resolved', 'closed']);
    expect(from('note')).toEqual([...alertStatuses]);
  });

  it('tell who comes second who was first, and when', () => {
    const alert = { status: 'resolved', number: 'A-1042' } as const;
    expect(sayTooLate({ kind: 'contained', by: 'Ana', seconds: 4 }, alert)).toBe('Ana contained this 4 s ago.');
    expect(sayTooLate({ kind: 'closed', by: null, seconds: 7_300 }, alert)).toBe('Gatehouse closed this 2 h ago.');
    expect(sayTooLate(undefined, alert)).toBe('A-1042 is resolved.');
  });
});

describe('what brings an alert back early', () => {
  it('is somebody who got in, another account or address, or twice as much', () => {
    expect(bringsNews(evidence(), evidence({ attempts: 19 }), 10)).toBe(false);
    expect(bringsNews(evidence(), evidence({ attempts: 20 }), 10)).toBe(true);
    expect(bringsNews(evidence(), evidence({ successes: 1 }), 10)).toBe(true);
    expect(bringsNews(evidence(), evidence({ subjects: 2 }), 10)).toBe(true);
    expect(bringsNews(evidence(), evidence({ addresses: 2 }), 10)).toBe(true);
  });
});

describe('what is kept quiet', () => {
  const other = { value: '198.51.100.1', count: 1, asn: null, organisation: null, country: null };

  it('comes from the very networks that were dismissed', () => {
    const scope = muteScope(evidence())!;
    expect(scope).toEqual({ asns: [64496], addresses: [], sources: ['AS64496 Quarry Hosting'] });
    expect(isCovered(evidence(), scope)).toBe(true);
    expect(isCovered(evidence({ addresses: 2, topAddresses: [...evidence().topAddresses, other] }), scope)).toBe(false);
    // More sources than are named: one of them may be another.
    expect(isCovered(evidence({ addresses: 12 }), scope)).toBe(false);
    expect(muteScope(evidence({ addresses: 12 }))).toBeNull();
  });

  it('is about one person alone', () => {
    expect(aboutWhom(null, evidence())).toBe('sam');
    expect(aboutWhom(null, evidence({ subjects: 2 }))).toBeNull();
    expect(aboutWhom('ana', evidence({ subjects: 2 }))).toBe('ana');
  });
});

describe('what the screen says', () => {
  it('of a score without its reasons, one at a time', () => {
    const signals = [
      {
        kind: 'new-network' as const,
        points: 44,
        evidence: { asn: 1, organisation: null, networkKind: 'hosting' as const },
      },
      { kind: 'new-device' as const, points: 44, evidence: { os: null, browser: null } },
      { kind: 'known-network' as const, points: -6, evidence: { signIns: 4 } },
    ];
    expect(without({ score: 82, signals }, { medium: 30, high: 60, critical: 85 })).toEqual([
      { words: 'the new network', score: 38, level: 'medium' },
      { words: 'the new device', score: 38, level: 'medium' },
    ]);
  });

  it('of a score at the end of the scale, by the points before it was held to it', () => {
    const levels = { medium: 30, high: 60, critical: 85 };
    const charged = (device: number, version: number, most?: number) =>
      settle(
        [
          { kind: 'new-device', points: device, evidence: { os: null, browser: null } },
          { kind: 'outdated-client', points: version, evidence: { os: null, browser: null, days: 90, own: false } },
          { kind: 'unfamiliar-hour', points: 1, evidence: { hour: 3, signIns: 9, nearThisHour: 0 } },
          { kind: 'known-network', points: -11, evidence: { signIns: 4 } },
        ],
        most,
      );
    // 120 + 60 + 1 − 11 = 170: without the device 50, without the version 110, which is still 100 and not said.
    const held = charged(120, 60);
    expect(held.reduce((sum, { points }) => sum + points, 0)).toBe(100);
    expect(held.map(({ kind, points }) => [kind, points])).toContainEqual(['unfamiliar-hour', 1]);
    expect(without({ score: 100, signals: held }, levels)).toEqual([
      { words: 'the new device', score: 50, level: 'medium' },
    ]);
    // A refused try: the scale ends at 50, and 60 + 15 + 1 − 11 = 65.
    expect(without({ score: 50, signals: charged(60, 15, 50) }, levels).map((one) => one.score)).toEqual([5]);
    expect(without({ score: 90, signals: charged(70, 30) }, levels).map((one) => one.score)).toEqual([20, 60, 89]);
    // Exactly at the end, nothing was cut; and one of before these points were kept, of which nothing is known.
    expect(without({ score: 100, signals: charged(80, 30) }, levels).map((one) => one.score)).toEqual([20, 70, 99]);
    const former = held.map(({ uncut: _, ...signal }) => signal);
    expect(without({ score: 100, signals: former }, levels)).toEqual([]);
    // More reassurance than charges: it is 0 with and without them.
    expect(without({ score: 0, signals: charged(4, 3) }, levels)).toEqual([]);
  });

  it('before it contains an attack of several alerts, and not before one takeover', () => {
    const reach = (alerts: number, peopleCount: number) => asksFirst({ alerts, peopleCount });
    expect([reach(1, 41), reach(2, 1), reach(2, 0), reach(2, 2)]).toEqual([false, false, true, true]);
  });

  it('of what containing would do, exactly', () => {
    const nobody = { people: [], peopleCount: 0, sessions: 0, passwords: 0, sources: 0 };
    expect(reachWords(nobody)).toBe('has nothing left to end or refuse');
    expect(reachWords({ ...nobody, peopleCount: 9, sessions: 12, passwords: 9, sources: 3 })).toBe(
      'ends 12 sessions of 9 people, demands 9 new passwords and refuses 3 addresses for an hour',
    );
  });
});

describe('the decision at the sign-in of an alert', () => {
  it.each([
    [{ decision: null, factor: 'password', reason: null }, 'was let in with the password alone'],
    [
      { decision: null, factor: 'totp', reason: 'risk_challenge' },
      'was let in with authenticator app, which was asked for because it looked unusual',
    ],
    [
      { decision: 'deny', factor: 'password', reason: null },
      'was to be refused, yet was let in with the password alone',
    ],
    [{ decision: 'challenge', factor: null, reason: null }, 'was to be asked for a second factor, and was let in'],
    [
      { decision: null, factor: 'password', reason: 'no_factor_to_ask' },
      'was let in: it looked unusual, but there was no second factor to ask for',
    ],
  ] as const)('%j', (signIn, words) => {
    expect(decisionWords(signIn)).toBe(words);
  });
});
