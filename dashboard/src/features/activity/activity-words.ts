import type { ActivityCounts, ActivityRow, LockDown, SignInDoubt } from '../../api/types.js';
import { count, isolate, list, whole } from '../../ui/wording.js';
import { reasonWords } from '../live/attempt-words.js';

/** What a person reads on one line of their own activity. */
export function attemptTitle({ outcome, reason, application }: ActivityRow): string {
  const where = application.name === 'Gatehouse' ? '' : ` to ${isolate(application.name)}`;
  switch (outcome) {
    case 'success':
      return `Signed in${where}${afterDecision(reason)}`;
    case 'challenge':
      return `Asked for a second factor${where === '' ? '' : `, signing in${where}`}${afterDecision(reason)}`;
    case 'failure':
      return reason === null ? `Failed to sign in${where}` : reasonWords(reason);
    case 'blocked':
      return `Blocked: ${reasonWords(reason ?? 'policy').toLocaleLowerCase('en-GB')}`;
  }
}

/** What Gatehouse's own sign-in was told to do, where that made a difference. */
function afterDecision(reason: string | null): string {
  if (reason === 'risk_challenge') return ': the sign-in was unusual';
  if (reason === 'not_judged') return ': it could not be judged in time';
  return reason === 'no_factor_to_ask' ? ': unusual, but no second factor is set up' : '';
}

/** `New country and device`; empty where nothing was new. */
export function noveltySentence({ novelties }: Pick<ActivityRow, 'novelties'>): string {
  const fresh = novelties.filter((one) => one !== 'travel');
  const parts = [
    ...(fresh.length === 0 ? [] : [`New ${list(fresh)}`]),
    ...(novelties.includes('travel') ? ['Too far from the sign-in before'] : []),
  ];
  return parts.join('. ');
}

const doubtWords: Record<Exclude<SignInDoubt, 'unusual'>, string> = {
  after_failures: 'Right after a row of failed tries',
  backup_code: 'With a backup code, in a browser not seen before',
  recovery: 'By account recovery, in a browser not seen before',
};

/** Why it is asked whether a sign-in was theirs. */
export function doubtSentence(row: Pick<ActivityRow, 'novelties' | 'doubts'>): string {
  const novelty = noveltySentence(row);
  const more = row.doubts.flatMap((doubt) => (doubt === 'unusual' ? [] : [doubtWords[doubt]]));
  return [...(novelty === '' ? [] : [novelty]), ...more].join('. ') || 'Unusual for you';
}

/** That somebody knows the password, which the second step alone keeps out. */
export const passwordKnownSentence = ({ outcome }: Pick<ActivityRow, 'outcome'>): string =>
  outcome === 'challenge'
    ? 'Somebody knew your password and went no further than your second step. If it wasn’t you, change your password.'
    : 'Somebody knew your password and failed at your second step. If it wasn’t you, change your password.';

/** The heading: whether there is something to answer. */
export function activitySentence({ all, suspicious, passwordKnown }: ActivityCounts): string {
  if (all === 0) return 'Nobody has tried to sign in as you yet.';
  if (suspicious === 0 && passwordKnown > 0) return 'Somebody knew your password and failed at your second step.';
  if (suspicious === 0) return 'No sign-in needs an answer from you.';
  return suspicious === 1 ? 'One sign-in doesn’t look like you.' : `${whole(suspicious)} sign-ins don’t look like you.`;
}

/** `8 tries in 90 days: 4 signed in, 3 failed, 1 asked for a second factor.` The numbers add up; the blocked have failed. */
export function countsSentence({ all, successful, failed }: ActivityCounts): string {
  const kinds: [number, string][] = [
    [successful, 'signed in'],
    [failed, 'failed'],
    [all - successful - failed, 'asked for a second factor'],
  ];
  const named = kinds.filter(([many]) => many > 0).map(([many, words]) => `${whole(many)} ${words}`);
  return `${all === 1 ? '1 try' : `${whole(all)} tries`} in 90 days: ${named.join(', ')}.`;
}

/** One step of a lock-down; what is not done is left to the person. */
export type LockDownStep = { done: boolean; text: string };

/**
 * What was done after "This wasn't me", in the order in which it was done, and what is left.
 * @param twoStep whether the person has two-step sign-in, which then has to be looked at
 */
export function lockDownSteps(lockDown: LockDown, twoStep: boolean): LockDownStep[] {
  const { session, otherSessions, distrusted, managerTold, passwordChangedAt, factorsCheckedAt, application } =
    lockDown;
  const thatSession: Record<LockDown['session'], string> = {
    ended: 'That session was ended.',
    ended_before: 'That session had ended before.',
    none: 'Nobody got in by that try.',
    elsewhere: `${isolate(application)} keeps its own session: sign out of it there, or ask security to.`,
  };
  return [
    { done: session !== 'elsewhere', text: thatSession[session] },
    {
      done: true,
      text:
        otherSessions === 0
          ? 'No other session was open, except the one you are using.'
          : `${count(otherSessions, 'other session')} ended. The one you are using stays.`,
    },
    {
      done: true,
      text:
        distrusted === 0
          ? 'No device skips the second step.'
          : `${count(distrusted, 'device')} may not skip the second step any more.`,
    },
    { done: true, text: managerTold ? 'Security and your manager were told.' : 'Security was told.' },
    {
      done: passwordChangedAt !== null,
      text: passwordChangedAt === null ? 'Choose a new password, below.' : 'You have chosen a new password.',
    },
    ...(twoStep
      ? [{ done: factorsCheckedAt !== null, text: 'Then check that every way of your two-step sign-in is yours.' }]
      : []),
  ];
}
