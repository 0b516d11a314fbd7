import type { AllowedSource, DetectionSettings } from '../../contracts/detection-policy.js';

/** Settings as flat names and values, to be compared by people: what the audit log keeps of before and after. */
export function policyText(settings: DetectionSettings): Record<string, string | number | boolean> {
  const { levels, decisions, weights, alerts, allowed, responses } = settings;
  const flat = (prefix: string, values: object | undefined): [string, string | number | boolean][] =>
    Object.entries(values ?? {}).map(([name, value]: [string, string | number | boolean]) => [
      `${prefix}${name}`,
      value,
    ]);
  return Object.fromEntries([
    ...flat('level ', levels),
    ...flat('', decisions),
    ...flat('weight of ', weights).map(([name, percent]) => [name, `${percent} %`]),
    ...Object.entries(alerts ?? {}).flatMap(([kind, watched]) => flat(`${kind} `, watched)),
    ...Object.entries(responses ?? {}).flatMap(([severity, response]) => flat(`at ${severity} `, response)),
    ...(allowed ?? []).map((each) => [`allowed ${sourceOf(each)}`, `until ${each.until.slice(0, 10)}: ${each.reason}`]),
  ]) as Record<string, string | number | boolean>;
}

function sourceOf(source: AllowedSource): string {
  if (source.kind === 'network') return source.network;
  return source.kind === 'asn' ? `AS${source.asn}` : `application ${source.applicationId}`;
}
