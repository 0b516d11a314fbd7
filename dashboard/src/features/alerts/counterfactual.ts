import type { Risk, RiskLevel, ScoredSignal, Signal } from '../../api/types.js';

type Reason = Exclude<ScoredSignal, 'known-device' | 'known-network'>;

/** What a reason is called in "without …". */
const names: Readonly<Record<Reason, string>> = {
  'new-country': 'the new country',
  'new-network': 'the new network',
  'new-address': 'the new address',
  'new-device': 'the new device',
  'new-version': 'the other version',
  'outdated-client': 'the old version',
  'impossible-travel': 'the distance',
  'failures-then-success': 'the failures before',
  'failures-from-unfamiliar-place': 'the failures from strange places',
  'person-under-attack': 'the attack on the person',
  'source-attacks-many': 'the attack on others',
  'hostile-source': 'the reputation of its source',
  'newcomers-together': 'the other newcomers',
  'unfamiliar-hour': 'the unusual hour',
  'dormant-account': 'the long absence',
  'source-fails-repeatedly': 'the failures of its source',
  'factor-fatigue': 'the refused requests',
  'credential-change-after-new-device': 'the change of the account',
  'hosting-network': 'the kind of network',
  'automation-client': 'the kind of client',
};

export type Otherwise = { words: string; score: number; level: RiskLevel };
/** Reasons that are worth the question, at most. */
const MOST = 3;
const HIGHEST = 100;

/**
 * What the score of a sign-in would be without its heaviest reasons, one at a time. It adds up, so each can be taken out; where the sum
 * was beyond the end of the scale the points shown are shares of it, and the ones before are what is added up. Nothing is said of a
 * score at its end that was stored without them.
 */
export function without(
  { score, signals }: Pick<Risk, 'score' | 'signals'>,
  from: Record<'medium' | 'high' | 'critical', number>,
): Otherwise[] {
  if (score >= HIGHEST && signals.every(({ uncut }) => uncut === undefined)) return [];
  const sum = signals.reduce((total, signal) => total + before(signal), 0);
  return signals
    .filter(({ kind, points }) => points > 0 && kind in names)
    .toSorted((a, b) => b.points - a.points)
    .slice(0, MOST)
    .map((signal) => {
      const other = Math.max(0, Math.min(score, sum - before(signal)));
      return { words: names[signal.kind as Reason], score: other, level: levelOf(other, from) };
    })
    .filter((one) => one.score !== score);
}

const before = ({ points, uncut }: Signal): number => uncut ?? points;

function levelOf(score: number, from: Record<'medium' | 'high' | 'critical', number>): RiskLevel {
  if (score >= from.critical) return 'critical';
  if (score >= from.high) return 'high';
  return score >= from.medium ? 'medium' : 'low';
}
