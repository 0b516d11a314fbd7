import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import type { ScoredSignal } from '../../../contracts/detection-policy.js';
import { automationClient } from './automation-client.js';
import { dormantAccount } from './dormant-account.js';
import { factorFatigue } from './factor-fatigue.js';
import { failuresFromUnfamiliarPlace } from './failures-from-unfamiliar-place.js';
import { failuresThenSuccess } from './failures-then-success.js';
import { hostileSource } from './hostile-source.js';
import { hostingNetwork } from './hosting-network.js';
import { impossibleTravel } from './impossible-travel.js';
import { knownDevice } from './known-device.js';
import { knownNetwork } from './known-network.js';
import { newAddress } from './new-address.js';
import { newCountry } from './new-country.js';
import { newDevice } from './new-device.js';
import { newNetwork } from './new-network.js';
import { newVersion } from './new-version.js';
import { outdatedClient } from './outdated-client.js';
import { newcomersTogether } from './newcomers-together.js';
import { personUnderAttack } from './person-under-attack.js';
import { sourceAttacksMany } from './source-attacks-many.js';
import { sourceFailsRepeatedly } from './source-fails-repeatedly.js';
import { unfamiliarHour } from './unfamiliar-hour.js';

export type Rule = (facts: Facts, policy: Policy) => Signal | undefined;

/** Signals of an attempt itself; what follows a sign-in is judged when it happens. */
type AttemptSignal = Exclude<ScoredSignal, 'credential-change-after-new-device'>;

/** Every rule by the kind of signal it gives; a kind without a rule doesn't compile. Ties on screen keep this order. */
export const rules: Readonly<Record<AttemptSignal, Rule>> = {
  'source-attacks-many': sourceAttacksMany,
  'hostile-source': hostileSource,
  'factor-fatigue': factorFatigue,
  'new-country': newCountry,
  'impossible-travel': impossibleTravel,
  'new-network': newNetwork,
  'new-address': newAddress,
  'hosting-network': hostingNetwork,
  'newcomers-together': newcomersTogether,
  'new-device': newDevice,
  'new-version': newVersion,
  'outdated-client': outdatedClient,
  'unfamiliar-hour': unfamiliarHour,
  'dormant-account': dormantAccount,
  'automation-client': automationClient,
  'source-fails-repeatedly': sourceFailsRepeatedly,
  'failures-from-unfamiliar-place': failuresFromUnfamiliarPlace,
  'person-under-attack': personUnderAttack,
  'failures-then-success': failuresThenSuccess,
  'known-device': knownDevice,
  'known-network': knownNetwork,
};

export const ruleList: readonly Rule[] = Object.values(rules);

/** Signals that say where somebody comes from and what comes from there, apart from who it is. */
const ofSource: readonly ScoredSignal[] = [
  'source-attacks-many',
  'hostile-source',
  'new-country',
  'impossible-travel',
  'new-network',
  'new-address',
  'hosting-network',
  'newcomers-together',
  'source-fails-repeatedly',
];

/** Rules for an attempt whose source is allowed: only those about the person. */
export const personalRules: readonly Rule[] = Object.entries(rules)
  .filter(([kind]) => !ofSource.includes(kind as ScoredSignal))
  .map(([, rule]) => rule);
