import type { AlertDetail, AlertKind, Verdict } from '../../api/types.js';

export const verdictWords: Record<Verdict, string> = {
  true_positive: 'Real attack',
  benign: 'Harmless',
  false_positive: 'False alarm',
};

/** Why an alert needs nothing: what the key after `3` chooses. */
export type Dismissal = { words: string; verdict: Verdict };
export const dismissals: readonly Dismissal[] = [
  { words: 'Expected travel', verdict: 'benign' },
  { words: 'Known network', verdict: 'benign' },
  { words: 'A test', verdict: 'benign' },
  { words: 'False alarm', verdict: 'false_positive' },
];

type AlertEvent = AlertDetail['history'][number];

const challengeWords = {
  challenge_passed: 'showed a second factor at a sign-in',
  challenge_lifted: 'let the next sign-in go without a second factor',
};

/** One line of an alert's history, without its time. */
export function eventWords(event: AlertEvent): string {
  const by = event.by ?? 'Gatehouse';
  switch (event.kind) {
    case 'raised':
      return 'Alert raised';
    case 'grew':
      return 'More attempts joined';
    case 'severity_raised':
      return 'Severity went up';
    case 'taken':
      return `${by} took it`;
    case 'assigned':
      return event.note === null ? `${by} gave it back` : `${by} gave it to`;
    case 'held':
      return `${by} put it off`;
    case 'returned':
      return event.by === null ? 'Came back' : `${by} took it back`;
    case 'noted':
      return `${by} noted`;
    case 'merged':
      return `${by} merged it with`;
    case 'unmerged':
      return `${by} took the merger back:`;
    case 'resolved':
      return `${by} resolved it`;
    case 'closed':
      return `${by} closed it for good`;
    case 'muted':
      return `${by} asked for no more of this for 30 days`;
    case 'contained':
      return `${by} contained it`;
    case 'responded':
      return 'Gatehouse acted.';
    case 'response_failed':
      return 'Gatehouse could not act.';
    case 'challenge_passed':
    case 'challenge_lifted':
      return `${by} ${challengeWords[event.kind]}`;
    case 'released':
      return `${by} took the containment back`;
    case 'asked':
      return `${by} asked by mail “Was this you?”`;
    case 'reopened':
      return `${by} reopened it`;
    case 'confirmed':
      return `${by} says: it was me`;
    case 'disowned':
      return `${by} says: it was not me`;
    case 'warned':
      return `${by} was told by mail`;
    case 'asking':
      return `${by} asks them`;
    case 'expected':
      return `${by} says that it was expected`;
    case 'not_expected':
      return `${by} says that it was not expected, and secured the account`;
    case 'session_revoked':
      return `${by} ended sessions`;
  }
}

/** What makes an alert of this kind, for those that have no score of their own. */
export const ruleWords: Record<AlertKind, string> = {
  'suspicious-sign-in': 'A sign-in worked whose score is high.',
  'brute-force-person': 'Many sign-ins as one person failed within a short time.',
  'brute-force-source': 'Many sign-ins from one address failed within a short time.',
  spray: 'One source tried many accounts with few tries each.',
  'credential-stuffing': 'Many accounts were tried with what look like stolen name and password pairs.',
  'user-enumeration': 'One source tried many names that nobody has, to learn which ones exist.',
  'failures-from-unfamiliar-place': 'Sign-ins failed again and again from places this person never used.',
  'factor-fatigue': 'Second-factor requests were sent again and again, as if to wear someone out.',
  'quarantined-attempt': 'An attempt could not be scored after several tries and was set aside.',
  'break-glass': '“gatehouse admin recover” was run on the machine. Each use raises this.',
  'recovery-started':
    'Whoever started it gets in when the wait is over, with the password and a link by mail. Ask the person, and cancel it on their page if it is not theirs.',
  'sms-limit':
    'Raised once a day when the limit set under Settings, SMS is reached. Somebody may be running up the bill.',
  'revoked-session-used':
    'A session was used after its end, by another client or from another network: its token may have been copied.',
  'trusted-device-copied':
    'Somebody with the right password came with an old copy of what makes the device trusted. Whether that was the thief or the owner after the thief can’t be told: ask the person.',
  'disowned-sign-in': 'The person says that this sign-in was somebody else.',
};
