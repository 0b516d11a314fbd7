import type { Risk, Signal } from '../api/types.js';
import { liveLink } from '../live/filters.js';
import { clientName } from './naming.js';
import { countryName, count, kilometres, list, span } from './wording.js';

/** A piece of a sentence. A piece with `href` is a link to what it is about; `data` marks text from outside. */
export type Part = { text: string; href?: string; data?: boolean };

type Evidence<K extends Signal['kind']> = Extract<Signal, { kind: K }>['evidence'];

const plain = (text: string): Part => ({ text });
const country = (code: string): Part => ({ text: countryName(code), href: liveLink('country', code) });
const networkName = (asn: number, organisation: string | null): Part => ({
  text: organisation ? `AS${asn} ${organisation}` : `AS${asn}`,
  href: liveLink('asn', String(asn)),
  data: organisation !== null,
});
const named = (text: string): Part => ({ text, data: true });
const client = (families: { os: string | null; browser: string | null }): Part =>
  named(clientName({ device: 'unknown', ...families }));

/** What a network is for, as a noun. */
export const networkKindWords = {
  residential: 'residential network',
  mobile: 'mobile network',
  hosting: 'hosting network',
  vpn: 'VPN',
  tor: 'Tor exit',
  private: 'private network',
  reserved: 'reserved address range',
  unknown: 'network of unknown kind',
} as const;

function travel(evidence: Evidence<'impossible-travel'>): Part[] {
  const { fromCity, fromCountry, toCity, toCountry, distanceKm, minutes } = evidence;
  const to = toCity ? named(toCity) : plain(countryName(toCountry));
  const from = fromCity ? named(fromCity) : plain(countryName(fromCountry));
  return [plain('In '), to, plain(`: ${kilometres(distanceKm)} from `), from, plain(` in ${span(minutes)}`)];
}

function newCountry(evidence: { country: string; known: string[] }): Part[] {
  const known = evidence.known.map(countryName);
  return [
    plain('First time in '),
    country(evidence.country),
    plain(known.length > 0 ? `; used before: ${list(known)}` : ''),
  ].filter((part) => part.text !== '');
}

/** One reason as a plain sentence without a full stop. The server sends evidence only, so the words live here. */
export function signalSentence(signal: Signal): Part[] {
  switch (signal.kind) {
    case 'new-country':
      return newCountry(signal.evidence);
    case 'new-network':
      return [
        plain(`First time on a ${networkKindWords[signal.evidence.networkKind]}, `),
        networkName(signal.evidence.asn, signal.evidence.organisation),
      ];
    case 'new-address':
      return [plain('First time from this address of a known network'), ...ofNetwork(signal.evidence)];
    case 'new-device':
      return [plain('New kind of device: '), client(signal.evidence)];
    case 'new-version':
      return [plain(`Known kind of device, but ${newVersion(signal.evidence)}: `), client(signal.evidence)];
    case 'outdated-client':
      return outdated(signal.evidence);
    case 'impossible-travel':
      return travel(signal.evidence);
    case 'failures-then-success':
      return [
        plain(`Signed in after ${count(signal.evidence.failures, 'failure')} in ${span(signal.evidence.minutes)}`),
      ];
    case 'failures-from-unfamiliar-place':
      return [plain(unfamiliar(signal.evidence))];
    case 'person-under-attack':
      return [plain(underAttack(signal.evidence))];
    case 'source-attacks-many':
      return [plain(attacksMany(signal.evidence))];
    case 'hostile-source':
      return [plain(hostile(signal.evidence))];
    case 'newcomers-together':
      return [plain(newcomers(signal.evidence))];
    case 'unfamiliar-hour':
      return [plain(unusualHour(signal.evidence))];
    case 'dormant-account':
      return [plain(`The account was not used for ${count(signal.evidence.days, 'day')}`)];
    case 'source-fails-repeatedly':
      return [
        plain(`This address failed ${count(signal.evidence.failures, 'time')} in ${span(signal.evidence.minutes)}`),
      ];
    case 'factor-fatigue':
      return [plain(fatigue(signal.evidence))];
    case 'hosting-network':
      return [
        plain(`From a ${networkKindWords[signal.evidence.networkKind]}`),
        ...(signal.evidence.organisation ? [plain(', '), named(signal.evidence.organisation)] : []),
      ];
    case 'credential-change-after-new-device':
      return [plain(`${changed[signal.evidence.change]} ${span(signal.evidence.minutes)} after this sign-in`)];
    case 'automation-client':
      return [plain('Sent by a script: '), named(signal.evidence.client)];
    case 'known-device':
      return [plain(`Known device, ${count(signal.evidence.signIns, 'earlier sign-in')}`)];
    case 'known-network':
      return [plain(`Known network, ${count(signal.evidence.signIns, 'earlier sign-in')}`)];
    case 'allowed-source':
      return [plain('Allow-listed: '), named(signal.evidence.reason), plain(` (${signal.evidence.source})`)];
  }
}

const changed: Record<Evidence<'credential-change-after-new-device'>['change'], string> = {
  password: 'The password was changed',
  factor: 'The second factors were changed',
  address: 'The addresses for notices were changed',
};

const fatigue = ({ challenges, minutes }: Evidence<'factor-fatigue'>): string =>
  `${count(challenges, 'second-factor request')} unanswered or refused in ${span(minutes)}`;

const newVersion = ({ another }: Evidence<'new-version'>): string =>
  another ? 'another one, or an older version than before' : 'a version never used';

function outdated({ days, own, ...seen }: Evidence<'outdated-client'>): Part[] {
  const since = own ? 'unchanged since this person used it' : 'a version that nobody here has used for';
  return [client(seen), plain(`, ${since} ${count(days, 'day')}${own ? ' ago' : ''}`)];
}

function ofNetwork({ asn, organisation }: Evidence<'new-address'>): Part[] {
  return asn === null ? [] : [plain(', '), networkName(asn, organisation)];
}

const underAttack = ({ failures, addresses, minutes }: Evidence<'person-under-attack'>): string =>
  `This person failed ${count(failures, 'time')} from ${count(addresses, 'address')} in ${span(minutes)}`;

const attacksMany = ({ subjects, minutes }: Evidence<'source-attacks-many'>): string =>
  `This address failed for ${count(subjects, 'account')} in ${span(minutes)}`;

function hostile({ scope, subjects, days }: Evidence<'hostile-source'>): string {
  const source = { network: 'network', client: 'exact browser version', country: 'country' }[scope];
  const failures = `failed for about ${count(subjects, 'account')} within about ${count(days, 'day')}`;
  return `This ${source} ${failures}, far more than regular use explains`;
}

const newcomers = ({ subjects, hours }: Evidence<'newcomers-together'>): string =>
  `${count(subjects, 'other account')} came to this network for the first time within about ${count(hours, 'hour')}`;

function unusualHour({ hour, signIns, nearThisHour }: Evidence<'unfamiliar-hour'>): string {
  const clock = `${String(hour).padStart(2, '0')}:00 UTC`;
  const usual = nearThisHour === 0 ? 'none' : String(nearThisHour);
  return `Unusual hour, around ${clock}: ${usual} of ${count(signIns, 'earlier sign-in')} within an hour of it`;
}

function unfamiliar(evidence: Evidence<'failures-from-unfamiliar-place'>): string {
  const where =
    evidence.countries.length > 0
      ? list(evidence.countries.map(countryName))
      : count(evidence.networks, 'unfamiliar network');
  return `${count(evidence.failures, 'failure')} from ${where} in ${span(evidence.hours * 60)}, never used before`;
}

const missingWords: Record<Risk['missing'][number], string> = {
  place: 'Place of this address',
  network: 'Network of this address',
  client: 'Browser, not sent',
  history: 'Earlier sign-ins to compare with',
};

/** What could not be judged, in words. */
export const missingSentence = (missing: Risk['missing'][number]): string => missingWords[missing];

/** `+34`, or with a true minus `−6`. */
export const signedPoints = (points: number): string =>
  points === 0 ? '0' : points < 0 ? `−${Math.round(-points)}` : `+${Math.round(points)}`;

/** Reasons in the order in which they count, the reassuring ones last. */
export const byWeight = (signals: readonly Signal[]): Signal[] => [...signals].sort((a, b) => b.points - a.points);
