import { byWeight, signalSentence, signedPoints } from '../../../dashboard/src/ui/signal-sentence.js';
import { between, count, span } from '../../../dashboard/src/ui/wording.js';
import type { Signal } from '../../../server/contracts/detection.js';

const text = (signal: Signal): string =>
  signalSentence(signal)
    .map((part) => part.text)
    .join('')
    .replaceAll('\u00a0', ' ');

const minutes = 12;
const cases: [Signal, string][] = [
  [
    { kind: 'new-country', points: 20, evidence: { country: 'SG', known: ['PT', 'NL'] } },
    'First time in Singapore; used before: Portugal and Netherlands',
  ],
  [
    { kind: 'new-network', points: 18, evidence: { asn: 64496, organisation: 'Quarry', networkKind: 'hosting' } },
    'First time on a hosting network, AS64496 Quarry',
  ],
  [
    { kind: 'new-device', points: 14, evidence: { os: 'Linux', browser: 'Chrome' } },
    'New kind of device: Chrome on Linux',
  ],
  [
    {
      kind: 'impossible-travel',
      points: 22,
      evidence: {
        fromCity: 'Lisbon',
        fromCountry: 'PT',
        toCity: null,
        toCountry: 'SG',
        distanceKm: 11879.4,
        minutes: 40,
        previousAttemptId: null,
      },
    },
    'In Singapore: 11,879 km from Lisbon in 40 min',
  ],
  [
    { kind: 'failures-then-success', points: 12, evidence: { failures: 3, minutes } },
    'Signed in after 3 failures in 12 min',
  ],
  [
    {
      kind: 'failures-from-unfamiliar-place',
      points: 12,
      evidence: { failures: 1, hours: 24, countries: [], networks: 2 },
    },
    '1 failure from 2 unfamiliar networks in 24 h, never used before',
  ],
  [
    { kind: 'person-under-attack', points: 9, evidence: { failures: 9, addresses: 2, minutes } },
    'This person failed 9 times from 2 addresses in 12 min',
  ],
  [
    { kind: 'hostile-source', points: 21, evidence: { scope: 'network', subjects: 12, days: 7 } },
    'This network failed for about 12 accounts within about 7 days, far more than regular use explains',
  ],
  [
    { kind: 'newcomers-together', points: 6, evidence: { subjects: 3, hours: 6 } },
    '3 other accounts came to this network for the first time within about 6 hours',
  ],
  [
    { kind: 'unfamiliar-hour', points: 4, evidence: { hour: 3, signIns: 20, nearThisHour: 0 } },
    'Unusual hour, around 03:00 UTC: none of 20 earlier sign-ins within an hour of it',
  ],
  [
    { kind: 'credential-change-after-new-device', points: 30, evidence: { change: 'password', minutes: 12 } },
    'The password was changed 12 min after this sign-in',
  ],
  [{ kind: 'dormant-account', points: 2, evidence: { days: 120 } }, 'The account was not used for 120 days'],
  [
    { kind: 'new-address', points: 4, evidence: { ip: '192.0.2.1', asn: 64500, organisation: 'Tejo' } },
    'First time from this address of a known network, AS64500 Tejo',
  ],
  [
    { kind: 'new-address', points: 4, evidence: { ip: '192.0.2.1', asn: null, organisation: null } },
    'First time from this address of a known network',
  ],
  [
    { kind: 'new-version', points: 3, evidence: { os: 'Linux', browser: 'Chrome' } },
    'Known kind of device, but a version never used: Chrome on Linux',
  ],
  [
    { kind: 'new-version', points: 12, evidence: { os: 'Linux', browser: 'Chrome', another: true } },
    'Known kind of device, but another one, or an older version than before: Chrome on Linux',
  ],
  [
    { kind: 'outdated-client', points: 9, evidence: { os: 'Linux', browser: 'Chrome', days: 90, own: false } },
    'Chrome on Linux, a version that nobody here has used for 90 days',
  ],
  [
    { kind: 'outdated-client', points: 4, evidence: { os: 'Linux', browser: 'Chrome', days: 1, own: true } },
    'Chrome on Linux, unchanged since this person used it 1 day ago',
  ],
  [
    { kind: 'hostile-source', points: 21, evidence: { scope: 'country', subjects: 12, days: 7 } },
    'This country failed for about 12 accounts within about 7 days, far more than regular use explains',
  ],
  [
    { kind: 'source-attacks-many', points: 34, evidence: { subjects: 40, failures: 118, minutes } },
    'This address failed for 40 accounts in 12 min',
  ],
  [
    { kind: 'source-fails-repeatedly', points: 9, evidence: { failures: 1, minutes } },
    'This address failed 1 time in 12 min',
  ],
  [
    { kind: 'factor-fatigue', points: 30, evidence: { challenges: 5, minutes: 7 } },
    '5 second-factor requests unanswered or refused in 7 min',
  ],
  [{ kind: 'hosting-network', points: 10, evidence: { networkKind: 'tor', organisation: null } }, 'From a Tor exit'],
  [{ kind: 'automation-client', points: 9, evidence: { client: 'curl' } }, 'Sent by a script: curl'],
  [{ kind: 'known-device', points: -8, evidence: { signIns: 12 } }, 'Known device, 12 earlier sign-ins'],
  [{ kind: 'known-network', points: -6, evidence: { signIns: 1 } }, 'Known network, 1 earlier sign-in'],
];

describe('signalSentence', () => {
  it.each(cases)('says it in plain words: %#', (signal, sentence) => {
    expect(text(signal)).toBe(sentence);
  });

  it('marks what came from outside and links what can be followed', () => {
    const hostile = '<b>Quarry</b>';
    const parts = signalSentence({
      kind: 'new-network',
      points: 1,
      evidence: { asn: 64496, organisation: hostile, networkKind: 'hosting' },
    });
    expect(parts.at(-1)).toEqual({ text: `AS64496 ${hostile}`, href: '/live?asn=64496', data: true });
  });

  it('orders by weight, the reassuring last, with true signs', () => {
    const sorted = byWeight(cases.map(([signal]) => signal)).map((signal) => signal.points);
    expect(sorted[0]).toBe(34);
    expect(sorted.at(-1)).toBe(-8);
    expect([signedPoints(34), signedPoints(-6)]).toEqual(['+34', '−6']);
  });
});

describe('wording', () => {
  it('counts and measures in readable units', () => {
    expect([count(1040, 'person'), count(1, 'address'), count(2, 'address')]).toEqual([
      '1,040 people',
      '1 address',
      '2 addresses',
    ]);
    expect([span(0.6), span(12), span(180), span(3 * 1440)]).toEqual([
      '36\u00a0s',
      '12\u00a0min',
      '3\u00a0h',
      '3\u00a0days',
    ]);
    expect(between('2026-11-24T14:00:00Z', '2026-11-24T14:12:00Z')).toBe('12\u00a0min');
  });
});
