import {
  scoredSignals,
  watchBounds,
  watchedKinds,
  type DetectionSettings,
  type RespondedSeverity,
} from '../../contracts/detection-policy.js';
import { AllowedSources, rangeOf } from './allowed-sources.js';
import { defaultPolicy, MINUTE, type CampaignPolicy, type Policy, type Response } from './policy.js';

type Watched = keyof typeof watchBounds;
type Alerts = NonNullable<DetectionSettings['alerts']>;

/** Networks wider than this are half the internet: most of their bits, by kind of address. */
const WIDEST = { ipv4: 8, ipv6: 16 } as const;
/** What is usual for a signal, in percent. */
const USUAL = 100;

/** The policy that settings make of the one that Gatehouse comes with. */
export function policyOf(settings: DetectionSettings, version: number): Policy {
  const policy = defaultPolicy;
  const weights = Object.entries(settings.weights ?? {}).filter(([, percent]) => percent !== USUAL);
  return {
    ...policy,
    version,
    levels: { ...policy.levels, ...given(settings.levels) },
    decisions: { ...policy.decisions, ...given(settings.decisions) },
    weights:
      weights.length === 0 ? null : Object.fromEntries(weights.map(([kind, percent]) => [kind, percent / USUAL])),
    campaigns: campaignsOf(settings.alerts ?? {}, policy.campaigns),
    notWatched: new Set(watchedKinds.filter((kind) => settings.alerts?.[kind]?.on === false)),
    allowed: new AllowedSources(settings.allowed ?? []),
    responses: responsesOf(settings.responses),
  };
}

/** Everything that can be set, as it is where nothing is. */
export const defaultSettings: DetectionSettings = {
  levels: defaultPolicy.levels,
  decisions: defaultPolicy.decisions,
  weights: Object.fromEntries(scoredSignals.map((kind) => [kind, USUAL])),
  alerts: alertDefaults(defaultPolicy.campaigns),
  allowed: [],
  responses: defaultPolicy.responses,
};

function alertDefaults(campaigns: CampaignPolicy): Alerts {
  const { bruteForcePerson, bruteForceSource, spray, stuffing, unfamiliarPlace, fatigue } = campaigns;
  const { distributed } = bruteForcePerson;
  const minutes = (ms: number): number => ms / MINUTE;
  return {
    'suspicious-sign-in': { on: true },
    'brute-force-person': { on: true, count: distributed.failures, windowMinutes: minutes(distributed.windowMs) },
    'brute-force-source': {
      on: true,
      count: bruteForceSource.failures,
      windowMinutes: minutes(bruteForceSource.windowMs),
    },
    spray: { on: true, count: spray.strangers, windowMinutes: minutes(spray.windowMs) },
    'credential-stuffing': { on: true, count: stuffing.persons },
    'user-enumeration': { on: true },
    'failures-from-unfamiliar-place': {
      on: true,
      count: unfamiliarPlace.failures,
      windowMinutes: minutes(unfamiliarPlace.windowMs),
    },
    'factor-fatigue': { on: true, count: fatigue.refusals, windowMinutes: minutes(fatigue.windowMs) },
  };
}

function responsesOf(responses: DetectionSettings['responses']): Policy['responses'] {
  const of = (severity: RespondedSeverity): Response => ({
    ...defaultPolicy.responses[severity],
    ...given(responses?.[severity]),
  });
  return { medium: of('medium'), high: of('high'), critical: of('critical') };
}

/** The thresholds that were set, with those that stand in a fixed relation to them. */
function campaignsOf(alerts: Alerts, usual: CampaignPolicy): CampaignPolicy {
  const count = (kind: Watched, otherwise: number): number => alerts[kind]?.count ?? otherwise;
  const windowMs = (kind: Exclude<Watched, 'credential-stuffing'>, otherwise: number): number =>
    (alerts[kind]?.windowMinutes ?? otherwise / MINUTE) * MINUTE;
  const { bruteForcePerson, bruteForceSource, spray, stuffing, unfamiliarPlace, fatigue } = usual;
  const { distributed } = bruteForcePerson;
  const strangers = count('spray', spray.strangers);
  const persons = count('credential-stuffing', stuffing.persons);
  const refusals = count('factor-fatigue', fatigue.refusals);
  const abroad = count('failures-from-unfamiliar-place', unfamiliarPlace.failures);
  return {
    ...usual,
    bruteForceSource: {
      ...bruteForceSource,
      failures: count('brute-force-source', bruteForceSource.failures),
      windowMs: windowMs('brute-force-source', bruteForceSource.windowMs),
    },
    bruteForcePerson: {
      ...bruteForcePerson,
      distributed: {
        ...distributed,
        failures: count('brute-force-person', distributed.failures),
        windowMs: windowMs('brute-force-person', distributed.windowMs),
      },
    },
    unfamiliarPlace: {
      ...unfamiliarPlace,
      failures: abroad,
      failuresNewCountry: Math.max(2, abroad - (unfamiliarPlace.failures - unfamiliarPlace.failuresNewCountry)),
      windowMs: windowMs('failures-from-unfamiliar-place', unfamiliarPlace.windowMs),
    },
    fatigue: {
      ...fatigue,
      refusals,
      slowRefusals: refusals + (fatigue.slowRefusals - fatigue.refusals),
      windowMs: windowMs('factor-fatigue', fatigue.windowMs),
    },
    spray: {
      ...spray,
      strangers,
      strangersManyClients: Math.max(strangers, spray.strangersManyClients),
      strangersSharedSource: Math.max(strangers, spray.strangersSharedSource),
      windowMs: windowMs('spray', spray.windowMs),
    },
    stuffing: {
      ...stuffing,
      persons,
      everywhere: {
        ...stuffing.everywhere,
        strangers: Math.round((persons * stuffing.everywhere.strangers) / stuffing.persons),
      },
    },
  };
}

/** What doesn't fit together, by the path of the setting. */
export function faultsOf(settings: DetectionSettings): { path: string; message: string }[] {
  const faults: { path: string; message: string }[] = [];
  const { levels, decisions } = policyOf({ levels: settings.levels, decisions: settings.decisions }, 0);
  if (levels.medium >= levels.high)
    faults.push({ path: 'settings.levels.high', message: `must be above medium, which is ${levels.medium}` });
  if (levels.high >= levels.critical)
    faults.push({ path: 'settings.levels.critical', message: `must be above high, which is ${levels.high}` });
  if (decisions.challengeFrom > decisions.denyFrom)
    faults.push({
      path: 'settings.decisions.denyFrom',
      message: `must not be below the score that is challenged, ${decisions.challengeFrom}`,
    });
  for (const [index, source] of (settings.allowed ?? []).entries()) {
    if (source.kind !== 'network') continue;
    const [network, bits] = rangeOf(source.network);
    const widest = WIDEST[network.kind()];
    if (bits < widest)
      faults.push({
        path: `settings.allowed.${index}.network`,
        message: `is wider than /${widest}, which is too much`,
      });
  }
  return faults;
}

/** The settings without what is as Gatehouse comes anyway: only that is stored, so that a better default reaches everybody. */
export function differing(settings: DetectionSettings): DetectionSettings {
  return unlike(settings, defaultSettings) ?? {};
}

function unlike(value: unknown, usual: unknown): unknown {
  if (value === undefined || JSON.stringify(value) === JSON.stringify(usual)) return undefined;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const parts = Object.entries(value)
    .map(([key, part]) => [key, unlike(part, (usual as Record<string, unknown> | undefined)?.[key])] as const)
    .filter(([, part]) => part !== undefined);
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/** Without what is undefined, which would hide a default. */
function given<T extends object>(values: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
