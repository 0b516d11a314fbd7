import type {
  AuthenticatorView,
  Client,
  EndReason,
  IdentityCheck,
  Network,
  Outcome,
  PersonState,
  Place,
  RiskLevel,
  Scope,
} from '../api/types.js';
import { countryName } from './wording.js';

export { roleWords } from '../../../server/contracts/role-words.js';

export const outcomeWords: Record<Outcome, string> = {
  success: 'Signed in',
  failure: 'Failed',
  challenge: 'Challenged',
  blocked: 'Blocked',
};

export const levelWords: Record<RiskLevel, string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

/** What a key may do, behind "may". */
export const scopeWords: Record<Scope, string> = {
  'attempts:write': 'record attempts',
  'attempts:read': 'read attempts',
  'alerts:read': 'read alerts',
  'sessions:read': 'read sessions',
  'sessions:revoke': 'end sessions',
  'people:write': 'add people',
  decide: 'ask whether to let a sign-in in',
};

/** How an administrator made sure who asks. */
export const identityCheckWords: Record<IdentityCheck, string> = {
  in_person: 'In person, with an identity document',
  video_call: 'Video call with a colleague who knows them',
  call_back: 'Call back on the number on file',
  manager: 'Confirmed by their manager',
};

export const stateWords: Record<PersonState, string> = {
  active: 'Can sign in',
  invited: 'Invited',
  known: 'Known by name',
  disabled: 'Disabled',
};

/** `Firefox on Windows`; unknown parts are named as unknown, never left as an internal word. */
export function clientName(client: Client): string {
  if (client.browser !== null && client.os !== null) return `${client.browser} on ${client.os}`;
  if (client.browser !== null) return client.browser;
  return client.os === null ? 'Unknown browser' : `Unknown browser on ${client.os}`;
}

/** `Lisbon, PT` in tables. */
export function placeShort(place: Place | null): string {
  if (place === null) return 'Not known';
  const country = countryName(place.country);
  return place.city === null || place.city === country ? country : `${place.city}, ${place.country}`;
}

/** `near Lisbon, Portugal`: the word "near" says that it comes from the address and may be off. */
export function placeNear(place: Place | null): string {
  if (place === null) return 'place not known';
  const country = countryName(place.country);
  if (place.city === null) return `in ${country}`;
  // Singapore, Luxembourg, Monaco: the city is the country.
  return place.city === country ? `near ${country}` : `near ${place.city}, ${country}`;
}

/** Where a session is used from: its place, or what kind of network the address belongs to. */
export function whereFrom(place: Place | null, network: Network): string {
  if (network.kind === 'private') return 'own network';
  return placeNear(place);
}

export function networkName(network: Network): string {
  if (network.kind === 'private') return 'Private network';
  if (network.kind === 'reserved') return 'Reserved address';
  if (network.organisation !== null) return network.organisation;
  return network.asn === null ? 'Not known' : `AS${network.asn}`;
}

const legalForm =
  /,?\s+(?:(?:co|corp|inc|ltd|llc|plc|gmbh|ag|ab|as|asa|a\/s|b\.?v|n\.?v|oy|spa|s\.?p\.?a|s\.?a|s\.?a\.?s|s\.?l|s\.?l\.?u|lda|sarl|kg)\.?,?\s*)+$/i;

/** The name of an operator as people say it: without its legal form, and not shouted. The whole name is a tip away. */
export function shortOrganisation(name: string): string {
  const bare = name.replace(legalForm, '');
  const shouted = /\p{Lu}{4}/u.test(bare) && !/\p{Ll}/u.test(bare);
  return shouted ? bare.replace(/\p{L}{4,}/gu, (word) => word.charAt(0) + word.slice(1).toLocaleLowerCase()) : bare;
}

/** As `networkName`, as short as a column wants it. */
export const networkShort = (network: Network): string => shortOrganisation(networkName(network));

/** How a session of somebody ended, as staff read it. */
export const staffEndWords: Record<EndReason, string> = {
  signed_out: 'signed out',
  revoked_by_self: 'ended by themselves',
  revoked_by_staff: 'ended by staff',
  revoked_by_manager: 'ended by their manager',
  password_changed: 'password changed',
  idle: 'not used',
  expired: 'time over',
  account_disabled: 'account disabled',
  role_changed: 'role changed',
  policy: 'by a rule',
};

/** How a session ended, as the end of the sentence "Signed out today 14:10 …". */
export const endWords: Record<EndReason, string> = {
  signed_out: 'by you',
  revoked_by_self: 'by you',
  revoked_by_staff: 'by security',
  revoked_by_manager: 'by your manager',
  password_changed: 'because the password was changed',
  idle: 'because it was not used',
  expired: 'because its time was over',
  account_disabled: 'because the account was disabled',
  role_changed: 'because the role was changed',
  policy: 'by a rule of your organisation',
};

/** `Sam Okafor` → `SO`; one letter where there is one name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return [first, last].map((word) => firstLetter(word).toLocaleUpperCase('en-GB')).join('');
}

/** The first letter as people count letters: a surrogate pair or a letter with accents stays whole. */
function firstLetter(word: string): string {
  return segmenter.segment(word)[Symbol.iterator]().next().value?.segment ?? '';
}
const segmenter = new Intl.Segmenter('en-GB');

/** What a factor is called in a list; a phone is known by its number. */
export const factorName = ({ kind, name }: AuthenticatorView): string =>
  kind === 'sms' ? `Codes by SMS to ${name}` : name;
