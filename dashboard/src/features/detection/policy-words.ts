import type { AlertKind, BacktestAlert, BacktestResult, DetectionSettings, ScoredSignal } from '../../api/types.js';
import { liveLink } from '../../live/filters.js';
import { count, whole } from '../../ui/wording.js';

type Alerts = NonNullable<DetectionSettings['alerts']>;
export type Watched = keyof Alerts;

/** What is looked for, and what its number counts. */
export const watchedWords: Record<Watched, { title: string; counts?: string }> = {
  'suspicious-sign-in': { title: 'Suspicious sign-in, from the level High on' },
  'brute-force-person': { title: 'One person tried from many networks', counts: 'failures' },
  'brute-force-source': { title: 'One address fails again and again', counts: 'failures' },
  spray: { title: 'Few tries each on many people', counts: 'people' },
  'credential-stuffing': { title: 'A leaked list is tried', counts: 'people' },
  'user-enumeration': { title: 'Guessing names that nobody has' },
  'failures-from-unfamiliar-place': { title: 'Failures from places the person never used', counts: 'failures' },
  'factor-fatigue': { title: 'Second-factor requests refused', counts: 'requests' },
};

export const signalWords: Record<ScoredSignal, string> = {
  'source-attacks-many': 'Address fails for many accounts',
  'hostile-source': 'Network, country or exact browser fails for many',
  'factor-fatigue': 'Second-factor requests refused',
  'new-country': 'New country',
  'impossible-travel': 'Impossible travel',
  'new-network': 'New network',
  'new-address': 'New address of a known network',
  'hosting-network': 'Hosting network, VPN or Tor',
  'newcomers-together': 'Many come to a network for the first time',
  'new-device': 'New kind of device',
  'new-version': 'Another device or version of a known kind',
  'outdated-client': 'Version that was left behind',
  'unfamiliar-hour': 'Unfamiliar hour',
  'dormant-account': 'Account not used for a long time',
  'credential-change-after-new-device': 'Password, factor or address changed after a new device',
  'automation-client': 'Sent by a script',
  'source-fails-repeatedly': 'Address fails again and again',
  'failures-from-unfamiliar-place': 'Failures from unfamiliar places',
  'person-under-attack': 'Person is attacked from many addresses',
  'failures-then-success': 'Success after failures',
  'known-device': 'Known device (takes points off)',
  'known-network': 'Known network (takes points off)',
};

/** What a backtest found, as one sentence. */
export function resultSentence({ gained, lost, kept }: BacktestResult): string {
  if (gained.total === 0 && lost.total === 0) return `With this change: the same ${count(kept, 'alert')}.`;
  const parts = [
    lost.total > 0 ? `${count(lost.total, 'alert')} fewer` : '',
    gained.total > 0 ? `${whole(gained.total)} more` : '',
  ];
  return `With this change: ${parts.filter((part) => part !== '').join(', ')}. ${whole(kept)} stay.`;
}

/** The kind of an alert in the words of this page. */
export const kindTitle = (kind: AlertKind): string =>
  kind in watchedWords ? watchedWords[kind as Watched].title : kind;

/** Where to look at what an example is about. */
export function exampleHref({ personId, ip, firstAt, lastAt }: BacktestAlert): string | null {
  if (personId !== null) return `/u/${personId}`;
  return ip === null ? null : liveLink('ip', ip, { from: firstAt, to: lastAt });
}

/** One decimal where it tells something. */
export const rate = (value: number): string => (value >= 100 ? whole(Math.round(value)) : value.toFixed(1));
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
