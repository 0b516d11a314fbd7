import type { Risk, RiskLevel, SignalKind } from '../../api/types.js';

/** What a reason is called in "without …". */
const names: Partial<Record<SignalKind, string>> = {
  'new-country': 'the new country',
  'new-network': 'the new network',
  'new-address': 'the new address',
  'new-device': 'the new device',
  'new-version': 'the new version',
  'impossible-travel': 'the distance',
  'failures-then-success': 'the failures before',
  'failures-from-unfamiliar-place': 'the failures from strange places',
  'person-under-attack': 'the attack on the person',
  'source-attacks-many': 'the attack on others',
  'hostile-source': 'the reputation of its source',
  'newcomers-together': 'the other newcomers',
  'unfamiliar-hour': 'the unusual hour',
  'source-fails-repeatedly': 'the failures of its source',
  'factor-fatigue': 'the refused requests',
  'hosting-network': 'the kind of network',
  'automation-client': 'the kind of client',
};

export type Otherwise = { words: string; score: number; level: RiskLevel };
/** Reasons that are worth the question, at most. */
const MOST = 3;

/** What the score would be without its heaviest reasons, one at a time: it adds up, so each can be taken out. */
export function without(
  { score, signals }: Pick<Risk, 'score' | 'signals'>,
  from: Record<'medium' | 'high' | 'critical', number>,
): Otherwise[] {
  const sum = signals.reduce((total, { points }) => total + points, 0);
  return signals
    .filter(({ kind, points }) => points > 0 && names[kind] !== undefined)
    .toSorted((a, b) => b.points - a.points)
    .slice(0, MOST)
    .map(({ kind, points }) => {
      const other = Math.round(Math.min(100, Math.max(0, sum - points)));
      return { words: names[kind] ?? '', score: other, level: levelOf(other, from) };
    })
    .filter((one) => one.score !== score);
}

function levelOf(score: number, from: Record<'medium' | 'high' | 'critical', number>): RiskLevel {
  if (score >= from.critical) return 'critical';
  if (score >= from.high) return 'high';
  return score >= from.medium ? 'medium' : 'low';
}
