import type { AlertEvidence } from '../../contracts/alerts.js';

/** Networks, and addresses whose network isn't known, that an alert came from. */
export type MuteScope = { asns: number[]; addresses: string[]; sources: string[] };

/** Null where the evidence names no source, or not all of them: what isn't named can't be kept quiet. */
export function muteScope({ topAddresses, addresses }: AlertEvidence): MuteScope | null {
  if (topAddresses.length === 0 || addresses > topAddresses.length) return null;
  const scope: MuteScope = { asns: [], addresses: [], sources: [] };
  for (const { asn, value, organisation } of topAddresses) {
    const source = asn === null ? value : `AS${asn}${organisation === null ? '' : ` ${organisation}`}`;
    if (scope.sources.includes(source)) continue;
    scope.sources.push(source);
    if (asn === null) scope.addresses.push(value);
    else scope.asns.push(asn);
  }
  return scope;
}

/** Whether everything that a finding came from is covered. */
export function isCovered(
  { topAddresses, addresses }: AlertEvidence,
  mute: { asns: readonly number[]; addresses: readonly string[] },
): boolean {
  if (topAddresses.length === 0 || addresses > topAddresses.length) return false;
  return topAddresses.every(({ asn, value }) =>
    asn === null ? mute.addresses.includes(value) : mute.asns.includes(asn),
  );
}

/** Whom an alert or a finding is about: its person, or the only account that its source tried. An id, or a name that nobody has. */
export function aboutWhom(personId: string | null, { subjects, topSubjects }: AlertEvidence): string | null {
  return personId ?? (subjects === 1 ? (topSubjects[0]?.value ?? null) : null);
}
