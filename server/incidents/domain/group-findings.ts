import type { AlertKind } from '../../contracts/alerts.js';
import type { Finding } from '../../detection/domain/campaigns.js';

/** Kinds that are a campaign: they found an incident. The others join one, where they count one of its attempts. */
const campaigns: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'brute-force-person',
  'brute-force-source',
  'spray',
  'credential-stuffing',
  'user-enumeration',
  'factor-fatigue',
  'failures-from-unfamiliar-place',
]);

export const foundsIncident = (kind: AlertKind): boolean => campaigns.has(kind);

/**
 * Keys that belong together, as findings which count the same attempts do. Each group is in order and each key is in one group only.
 * @param incidentOf incidents that are known for keys; keys of one incident belong together, too
 */
export function groupFindings(
  findings: readonly Pick<Finding, 'dedupKey' | 'joins'>[],
  incidentOf: ReadonlyMap<string, string>,
): string[][] {
  const parents = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    // Whatever lies on the way points to the root from now on, which keeps the ways short.
    for (let on = key; on !== root;) {
      const next = parents.get(on) ?? root;
      parents.set(on, root);
      on = next;
    }
    return root;
  };
  const join = (a: string, b: string): void => {
    const [rootA, rootB] = [rootOf(a), rootOf(b)];
    if (rootA !== rootB) parents.set(rootB, rootA);
  };
  const keys = new Set(findings.flatMap(({ dedupKey, joins }) => [dedupKey, ...joins]));
  for (const { dedupKey, joins } of findings) for (const other of joins) join(dedupKey, other);
  for (const key of keys) {
    const incident = incidentOf.get(key);
    if (incident !== undefined) join(`incident ${incident}`, key);
  }
  const groups = new Map<string, string[]>();
  for (const key of [...keys].sort()) {
    const root = rootOf(key);
    groups.set(root, [...(groups.get(root) ?? []), key]);
  }
  return [...groups.values()];
}
