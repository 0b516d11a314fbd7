import type { PoolClient } from 'pg';
import type { Finding } from '../detection/domain/campaigns.js';
import { aboutWhom, isCovered } from './domain/mute-scope.js';
import { activeMutes, noteQuiet } from './store/mutes.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Leaves out what analysts have muted. A critical finding is never kept quiet, whatever was said about its person before. */
export async function keepQuiet<T extends Finding>(client: PoolClient, findings: readonly T[]): Promise<T[]> {
  const whom = new Map(
    findings.flatMap((finding) => {
      const about = finding.severity === 'critical' ? null : aboutWhom(finding.personId, finding.evidence);
      // A name that nobody has can't be muted.
      return about !== null && UUID.test(about) ? [[finding, about] as const] : [];
    }),
  );
  if (whom.size === 0) return [...findings];
  const mutes = await activeMutes(client, [...new Set(whom.values())]);
  if (mutes.length === 0) return [...findings];
  const quiet: string[] = [];
  const loud = findings.filter((finding) => {
    const { kind, evidence } = finding;
    const mute = mutes.find(
      (one) => one.personId === whom.get(finding) && one.kind === kind && isCovered(evidence, one),
    );
    if (mute) quiet.push(mute.id);
    return !mute;
  });
  if (quiet.length > 0) await noteQuiet(client, quiet);
  return loud;
}
