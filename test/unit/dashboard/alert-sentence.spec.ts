import {
  alertHeadline,
  alertSubline,
  alertTitle,
  evidenceLink,
  wholeAttack,
} from '../../../dashboard/src/features/alerts/alert-sentence.js';
import { liveSentence } from '../../../dashboard/src/features/live/live-sentence.js';
import type { Part } from '../../../dashboard/src/ui/signal-sentence.js';
import { alertKinds, type AlertView } from '../../../server/contracts/alerts.js';
import { alert } from './alert-fixtures.js';

/** As it reads: without the marks that keep foreign text to itself. */
const read = (parts: Part[] | string): string =>
  (typeof parts === 'string' ? parts : parts.map((part) => part.text).join(''))
    .replaceAll('\u00a0', ' ')
    .replace(/[\u2068\u2069]/g, '');

describe('alert sentences', () => {
  it('say what happened with its numbers, and lead to exactly those attempts', () => {
    const parts = alertHeadline(alert());
    expect(read(parts)).toBe('Quarry Hosting tried 41 accounts in 12 min; sam.okafor@example.com got in.');
    expect(parts[0]?.href).toBe('/live?asn=64496&from=2026-11-24T13:58:12.000Z&to=2026-11-24T14:10:21.000Z');
    expect(read(alertTitle(alert()))).toBe('Spray: 41 accounts, 3 addresses, 12 min');
    expect(read(alertSubline(alert()))).toBe('sam.okafor@example.com got in');
  });

  it('name known people, and lead to them', () => {
    const person = { id: '00000000-0000-4000-8000-000000000002', name: 'Sam Okafor' };
    const [sam] = alert().evidence.topSubjects;
    const named = alert({ evidence: { ...alert().evidence, topSubjects: [{ ...sam!, value: person.id, person }] } });
    expect(read(alertHeadline(named))).toBe('Quarry Hosting tried 41 accounts in 12 min; Sam Okafor got in.');
    expect(alertHeadline(named).find(({ text }) => text === 'Sam Okafor')?.href).toBe(`/u/${person.id}`);
    expect(read(alertSubline(named))).toBe('Sam Okafor got in');
  });

  it('tell of the whole attack on an alert that is a part of it, and not on one that says it all', () => {
    const incident = {
      id: '00000000-0000-4000-8000-000000000003',
      number: 'I-8',
      severity: 'critical',
      kinds: ['brute-force-source', 'spray'],
      alerts: 32,
      subjects: 41,
      gotIn: 1,
      sources: 17,
      lead: true,
    } as const;
    const part = wholeAttack(alert({ incident: { ...incident, kinds: [...incident.kinds] } }));
    expect(read(part ?? [])).toBe('The whole attack, I-8: 41 accounts tried from 17 addresses, 1 got in.');
    expect(part?.find(({ text }) => text === 'I-8')?.href).toBe(`/incidents/${incident.id}`);
    expect(wholeAttack(alert({ incident: { ...incident, kinds: [...incident.kinds], alerts: 1 } }))).toBeNull();
    expect(wholeAttack(alert())).toBeNull();
  });

  it.each(alertKinds)('have words for %s with and without a person', (kind) => {
    const person = { id: '11111111-1111-4111-8111-111111111111', name: 'Sam Okafor' };
    for (const one of [alert({ kind }), alert({ kind, person, ip: null })]) {
      const text = [read(alertHeadline(one)), read(alertTitle(one)), read(alertSubline(one))].join('|');
      expect(text).not.toMatch(/undefined|null|NaN/);
      expect(evidenceLink(one)).toMatch(/^\/live/);
    }
  });

  it('name what is new about a suspicious sign-in', () => {
    const risk = {
      score: 54,
      level: 'medium' as const,
      signals: [
        { kind: 'new-device' as const, points: 14, evidence: { os: null, browser: null } },
        { kind: 'new-country' as const, points: 40, evidence: { country: 'SG', known: [] } },
      ],
      missing: [],
      policyVersion: 1,
    };
    expect(read(alertHeadline({ ...alert({ kind: 'suspicious-sign-in' }), risk }))).toBe(
      '203.0.113.77 signed in from a device and place never used before, Quarry Hosting.',
    );
  });

  it('name both places of a session that was used after its end, or the one that they are', () => {
    const [again, before] = alert().evidence.topAddresses;
    const used = (topAddresses: AlertView['evidence']['topAddresses']): string =>
      read(
        alertHeadline(
          alert({ kind: 'revoked-session-used', subject: 'Sam', evidence: { ...alert().evidence, topAddresses } }),
        ),
      );
    expect(used([again!, { ...before!, country: 'PT' }])).toBe(
      'A session of Sam was used again after it was ended, from 203.0.113.77 in Singapore; the last use before was from 203.0.113.78 in Portugal.',
    );
    expect(used([again!])).toBe(
      'A session of Sam was used again after it was ended, from 203.0.113.77 in Singapore, where it was used before.',
    );
  });

  it('keep a name from turning the text after it around', () => {
    const subject = 'eve\u202egnp.\u2069exe';
    expect(alertTitle(alert({ kind: 'brute-force-person', subject }))).toBe('Brute force: \u2068evegnp.exe\u2069');
  });
});

describe('liveSentence', () => {
  const now = Date.parse('2026-11-24T14:11:20.000Z');
  const counts = { success: 45, failure: 98, challenge: 6, blocked: 1, total: 150 };

  it('speaks of the worst fresh alert first', () => {
    expect(read(liveSentence({ counts, alerts: [alert(), alert({ severity: 'low' })], now }))).toBe(
      'Quarry Hosting tried 41 accounts in 12 min; sam.okafor@example.com got in. Last seen 1 min ago. 1 more alert open.',
    );
  });

  it('counts the last ten minutes while it is calm', () => {
    expect(read(liveSentence({ counts, alerts: [], now }))).toBe(
      '45 signed in and 98 failed in 10 min; 1 blocked. Nothing needs you.',
    );
    expect(read(liveSentence({ counts: { ...counts, total: 0 }, alerts: [], now }))).toBe(
      'Nobody tried to sign in during the last 10 min. Nothing needs you.',
    );
  });

  it('does not dwell on what is over', () => {
    const old = alert({ lastAt: '2026-11-24T12:00:00.000Z' });
    expect(read(liveSentence({ counts, alerts: [old], now }))).toContain('1 alert is open.');
  });
});
