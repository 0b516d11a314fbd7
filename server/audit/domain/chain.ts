/** An audit entry in exactly the form that is hashed. `at` has microseconds, as PostgreSQL stores it. */
export type ChainedEntry = {
  sequence: number;
  at: string;
  actorKind: string;
  actorId: string | null;
  actorName: string;
  action: string;
  targetKind: string;
  targetId: string | null;
  /** JSON text with sorted keys on the way back from jsonb; see {@link canonicalJson}. */
  detail: string;
  ip: string | null;
};

/**
 * The bytes that are hashed: every field with its length in front, so that no two entries share one encoding, and null
 * differs from the empty text.
 */
export function chainBytes(entry: ChainedEntry): string {
  const fields = [
    String(entry.sequence),
    entry.at,
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.action,
    entry.targetKind,
    entry.targetId,
    canonicalJson(JSON.parse(entry.detail)),
    entry.ip,
  ];
  return fields.map((field) => (field === null ? '-' : `${field.length}:${field}`)).join(',');
}

/** JSON with sorted keys: jsonb keeps no key order, so the hash must not depend on it. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
