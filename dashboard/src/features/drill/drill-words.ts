import type { DrillAttack, DrillResult, DrillView } from '../../api/types.js';
import { dayAndTime } from '../../ui/time.svelte.js';
import { count } from '../../ui/wording.js';

export const attackWords: Record<DrillAttack, string> = {
  'slow-brute-force': 'Brute force, over ten hours',
  'slow-spray': 'Password spray, over nine hours',
  'brute-force': 'Brute force by a script',
  'distributed-brute-force': 'Brute force from many networks',
  spray: 'Password spray',
  stuffing: 'Credential stuffing',
  enumeration: 'Guessing of names',
  fatigue: 'Push after push, until one is approved',
  'unfamiliar-place': 'Failures from a far country',
  takeover: 'Takeover of an account',
  'distributed-stuffing': 'Credential stuffing through proxies',
};

const stageWords: Record<NonNullable<DrillView['stage']>, string> = {
  preparing: 'Preparing',
  history: 'Telling what the test people did before',
  attacks: 'Attacking',
  judging: 'Waiting for the last alerts',
  cleaning: 'Cleaning up',
};

/** What a drill does right now. */
export const progressWords = ({ stage, sent, total }: DrillView): string =>
  stage === null
    ? 'Waiting for a worker'
    : `${stageWords[stage]}${total === null || stage === 'preparing' ? '' : `: ${sent} of ${count(total, 'attempt')}`}`;

export const caughtOf = ({ outcomes }: DrillResult): number => outcomes.filter(({ caught }) => caught).length;

/** The page's sentence: what the newest drill that was finished found. */
export function drillSentence(drills: readonly DrillView[]): string {
  const newest = drills.find(({ result }) => result !== null);
  if (!newest?.result) return 'No attack drill was run here yet.';
  const { outcomes } = newest.result;
  const slowest = Math.max(...outcomes.map(({ screenMs }) => screenMs ?? 0));
  const what = `${caughtOf(newest.result)} of ${count(outcomes.length, 'attack')} caught`;
  return slowest === 0 ? `${what}.` : `${what}, each on the screen within ${seconds(slowest)}.`;
}

/** One line of what an earlier drill came to. */
export function outcomeWords({ state, failure, result }: DrillView): string {
  if (result) return `${caughtOf(result)} of ${count(result.outcomes.length, 'attack')} caught`;
  return state === 'cancelled' ? 'Cancelled' : (failure ?? 'Failed');
}

/** Milliseconds as people read them: `340 ms`, `1.3 s`. */
export const seconds = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

export const whenWords = ({ createdAt, author }: DrillView): string => `${dayAndTime(createdAt)}, ${author}`;
