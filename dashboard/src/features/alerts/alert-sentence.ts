import type { AlertKind, AlertView, Risk, SignalKind } from '../../api/types.js';
import { liveLink, type TimeRange } from '../../live/filters.js';
import type { Part } from '../../ui/signal-sentence.js';
import { shortOrganisation } from '../../ui/naming.js';
import { between, count, countryName, isolate, list, whole } from '../../ui/wording.js';

const kindTitles: Record<AlertKind, string> = {
  'suspicious-sign-in': 'Suspicious sign-in',
  'brute-force-person': 'Brute force',
  'brute-force-source': 'Brute force',
  spray: 'Spray',
  'credential-stuffing': 'Credential stuffing',
  'user-enumeration': 'Guessing names',
  'failures-from-unfamiliar-place': 'Failures from unfamiliar places',
  'factor-fatigue': 'Second-factor fatigue',
  'quarantined-attempt': 'Could not be scored',
  'break-glass': 'Emergency way in used',
  'recovery-started': 'Account recovery started',
  'sms-limit': 'No more codes by SMS',
  'disowned-sign-in': 'Not their sign-in',
  'revoked-session-used': 'Ended session used again',
  'trusted-device-copied': 'Trusted device copied',
};

const manyTargets = (kind: AlertKind): boolean =>
  kind === 'spray' || kind === 'credential-stuffing' || kind === 'user-enumeration';
const subjectOf = (alert: AlertView): string => isolate(alert.person?.name ?? alert.subject);
const duration = (alert: AlertView): string => between(alert.firstAt, alert.lastAt);

/** What was found in an attack, e.g. `Spray and brute force`. */
export function kindsTitle(kinds: readonly AlertKind[]): string {
  const names = [...new Set(kinds.map((kind) => kindTitles[kind]))];
  return list(names.map((name, index) => (index === 0 ? name : name.charAt(0).toLowerCase() + name.slice(1))));
}

/** The line of a list for an alert, or for the attack of several that it stands for. */
export function rowTitle(alert: AlertView): string {
  const { incident, evidence } = alert;
  if (!incident || incident.alerts < 2 || isOneTakeover(alert)) return alertTitle(alert);
  const [only] = evidence.topSubjects;
  const whom = incident.subjects === 1 && only ? isolate(subjectName(only)) : count(incident.subjects, 'account');
  return `${kindsTitle(incident.kinds)}: ${whom}`;
}

/** A sign-in with the failures before or after it: the sign-in says it all. */
const isOneTakeover = ({ kind, incident }: AlertView): boolean =>
  kind === 'suspicious-sign-in' &&
  incident !== null &&
  incident.kinds.every((each) => each === kind || each === 'failures-from-unfamiliar-place');

/** The second line, in the same way. */
export function rowSubline(alert: AlertView): string {
  const { incident } = alert;
  if (!incident || incident.alerts < 2) return alertSubline(alert);
  return `${count(incident.sources, 'address')}, ${incident.gotIn === 0 ? 'none got in' : `${whole(incident.gotIn)} got in`}`;
}

/** The whole attack in one line, on an alert that is only a part of it; null where the alert says it all. */
export function wholeAttack(alert: AlertView): Part[] | null {
  const { incident } = alert;
  if (!incident || incident.alerts < 2 || isOneTakeover(alert)) return null;
  const { id, number, subjects, sources, gotIn: got } = incident;
  return [
    text('The whole attack, '),
    { text: number, href: `/incidents/${id}` },
    text(`: ${count(subjects, 'account')} tried from ${count(sources, 'address')}, `),
    text(got === 0 ? 'none got in.' : `${whole(got)} got in.`),
  ];
}

/** One line for lists, e.g. `Spray: 41 accounts, 3 addresses, 12 min`. */
export function alertTitle(alert: AlertView): string {
  const { subjects, addresses } = alert.evidence;
  const about = manyTargets(alert.kind)
    ? `${count(subjects, 'account')}, ${count(addresses, 'address')}, ${duration(alert)}`
    : subjectOf(alert);
  return `${kindTitles[alert.kind]}: ${about}`;
}

/** The quieter second line of a list. */
export function alertSubline(alert: AlertView): string {
  const { failures, successes, subjects, addresses, attempts } = alert.evidence;
  switch (alert.kind) {
    case 'spray':
    case 'credential-stuffing':
      return successes > 0 ? `${gotIn(alert)} got in` : 'None got in';
    case 'user-enumeration':
      return 'Names that nobody has';
    case 'brute-force-source':
      return `${count(failures, 'failure')} for ${count(subjects, 'account')} in ${duration(alert)}${successes > 0 ? `, ${gotIn(alert)} got in` : ''}`;
    case 'brute-force-person':
    case 'failures-from-unfamiliar-place':
      return `${count(failures, 'failure')} from ${count(addresses, 'address')} in ${duration(alert)}`;
    case 'factor-fatigue':
      return `${count(attempts, 'request')} in ${duration(alert)}`;
    case 'suspicious-sign-in':
      return isolate(shortOrganisation(alert.evidence.topAddresses[0]?.organisation ?? alert.ip ?? 'Unknown address'));
    case 'quarantined-attempt':
      return 'Stored, but left out of every count';
    case 'break-glass':
      return 'From the command line of the machine';
    case 'recovery-started':
      return 'Ask them whether they lost their device';
    case 'sms-limit':
      return 'The limit of a day is reached';
    case 'disowned-sign-in':
      return 'Reported by the person, account locked down';
    case 'revoked-session-used':
      return 'Refused: it was ended before';
    case 'trusted-device-copied':
      return 'Trust and sessions of it ended';
  }
}

type TriedSubject = AlertView['evidence']['topSubjects'][number];
/** The name of somebody who was tried; people we don't know as it was typed. */
export const subjectName = ({ person, value }: TriedSubject): string => person?.name ?? value;

/** Who got in, as far as the evidence names them; otherwise how many. */
function gotIn(alert: AlertView): string {
  const named = alert.evidence.topSubjects.filter((subject) => subject.gotIn).map((one) => isolate(subjectName(one)));
  return named.length === alert.evidence.successes && named.length <= 2 ? list(named) : whole(alert.evidence.successes);
}

/** From the first to just after the last attempt of the evidence. */
export function evidenceRange(alert: Pick<AlertView, 'firstAt' | 'lastAt'>): TimeRange {
  const after = new Date(new Date(alert.lastAt).getTime() + 1_000);
  return { from: new Date(alert.firstAt).toISOString(), to: after.toISOString() };
}

/** Where an attack comes from: its one network, its one address, or how many addresses. */
export function sourceOf(alert: AlertView): Part {
  const { topAddresses, addresses } = alert.evidence;
  const [first] = topAddresses;
  const range = evidenceRange(alert);
  if (addresses === 1 && first) return { text: first.value, href: liveLink('ip', first.value, range), data: true };
  const oneNetwork = first && first.asn !== null && topAddresses.every(({ asn }) => asn === first.asn);
  if (oneNetwork && first.asn !== null && addresses === topAddresses.length)
    return {
      text: first.organisation === null ? `AS${first.asn}` : shortOrganisation(first.organisation),
      href: liveLink('asn', String(first.asn), range),
      data: first.organisation !== null,
    };
  return { text: count(addresses, 'address') };
}

/** The list of exactly the attempts that an alert is about, as near as one filter comes to it. */
export function evidenceLink(alert: AlertView): string {
  const range = evidenceRange(alert);
  if (alert.person) return liveLink('person', alert.person.id, range);
  if (alert.kind === 'brute-force-person') return liveLink('subject', alert.subject, range);
  return sourceOf(alert).href ?? (alert.ip ? liveLink('ip', alert.ip, range) : `/live`);
}

const text = (value: string): Part => ({ text: value });
const who = (alert: AlertView): Part =>
  alert.person
    ? { text: alert.person.name, href: `/u/${alert.person.id}`, data: true }
    : { text: alert.subject, data: true };

/** What happened, as one or two sentences whose numbers lead to what they count. */
export function alertHeadline(alert: AlertView & { risk?: Risk | null }): Part[] {
  const { failures, successes, subjects, addresses, attempts } = alert.evidence;
  const link = (value: string): Part => ({ text: value, href: evidenceLink(alert) });
  const inTime = text(` in ${duration(alert)}`);
  switch (alert.kind) {
    case 'spray':
    case 'credential-stuffing':
      return [sourceOf(alert), text(' tried '), link(count(subjects, 'account')), inTime, ...outcome(alert)];
    case 'user-enumeration':
      return [sourceOf(alert), text(' tried '), link(count(subjects, 'name')), text(' nobody has'), inTime, text('.')];
    case 'brute-force-source':
      return [
        sourceOf(alert),
        text(' failed '),
        link(count(failures, 'time')),
        text(` for ${count(subjects, 'account')}`),
        inTime,
        ...outcome(alert),
      ];
    case 'brute-force-person':
      return [
        text('Someone tried to sign in as '),
        who(alert),
        text(' and failed '),
        link(count(failures, 'time')),
        text(` from ${count(addresses, 'address')}`),
        inTime,
        ...outcome(alert),
      ];
    case 'failures-from-unfamiliar-place':
      return [
        link(count(failures, 'failed sign-in')),
        text(' as '),
        who(alert),
        text(` from places never used before`),
        inTime,
        ...outcome(alert),
      ];
    case 'factor-fatigue':
      return asked(who(alert), link(count(attempts, 'time')), inTime, successes > 0);
    case 'suspicious-sign-in':
      return [who(alert), text(' signed in from '), ...unusual(alert)];
    case 'quarantined-attempt':
      return [text('An attempt as '), who(alert), text(' could not be scored and was set aside.')];
    case 'break-glass':
      return [text('Someone with the machine gave '), who(alert), text(' a new password, past every factor.')];
    case 'recovery-started':
      return [text('Someone with the password of '), who(alert), text(' says that every second factor is lost.')];
    case 'sms-limit':
      return [text('As many codes by SMS were sent as may be in a day: sign-ins that need one fail.')];
    case 'disowned-sign-in':
      return [who(alert), text(' says that a sign-in from '), sourceOf(alert), text(' was somebody else.')];
    case 'revoked-session-used':
      return [text('A session of '), who(alert), text(' was used again after it was ended, '), ...bothPlaces(alert)];
    case 'trusted-device-copied':
      return [text('A trusted device of '), who(alert), text(' was copied, and is trusted no more.')];
  }
}

const asked = (person: Part, times: Part, inTime: Part, letThrough: boolean): Part[] => [
  person,
  text(' was asked for a second factor '),
  times,
  inTime,
  text(letThrough ? ' and let one through.' : ' and let none through.'),
];

const newness: Partial<Record<SignalKind, string>> = {
  'new-country': 'place',
  'impossible-travel': 'place',
  'new-network': 'network',
  'new-device': 'device',
};

/** Where a session was used again, and where it was used before it was ended. */
function bothPlaces({ evidence }: AlertView): Part[] {
  const [again, before] = evidence.topAddresses;
  if (!again) return [text('and refused.')];
  const from = ({ value, country }: typeof again): Part[] => [
    { text: value, href: liveLink('ip', value), data: true },
    ...(country ? [text(` in ${countryName(country)}`)] : []),
  ];
  return before
    ? [text('from '), ...from(again), text('; the last use before was from '), ...from(before), text('.')]
    : [text('from '), ...from(again), text(', where it was used before.')];
}

/** What is unusual about a sign-in: by its reasons where they are known, by its score where they are not. */
function unusual(alert: AlertView & { risk?: Risk | null }): Part[] {
  const news = new Set((alert.risk?.signals ?? []).flatMap(({ kind }) => newness[kind] ?? []));
  if (news.size > 0)
    return [
      text('a '),
      { text: list([...news]), href: evidenceLink(alert) },
      text(' never used before, '),
      sourceOf(alert),
      text('.'),
    ];
  const country = alert.evidence.topAddresses[0]?.country;
  const where = country ? ` in ${countryName(country)}` : '';
  return [sourceOf(alert), text(`${where}${alert.score === null ? '' : `, with a score of ${alert.score} of 100`}.`)];
}

function outcome(alert: AlertView): Part[] {
  if (alert.evidence.successes === 0) return [text('; none got in.')];
  const inside = alert.evidence.topSubjects.filter((subject) => subject.gotIn);
  const [only] = inside;
  if (only?.person && alert.evidence.successes === 1)
    return [text('; '), { text: only.person.name, href: `/u/${only.person.id}`, data: true }, text(' got in.')];
  return [text('; '), { text: gotIn(alert), data: true }, text(' got in.')];
}
