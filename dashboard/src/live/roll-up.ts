import type { Outcome, RolledRow, SurgeFrame } from '../api/types.js';

/** What makes two rows of different frames the same row. */
export function rowKey({ outcome, network, who }: RolledRow): string {
  const whom = who.kind === 'one' ? (who.person?.id ?? who.subject) : who.kind;
  return `${outcome} ${network.asn ?? network.organisation ?? network.kind} ${who.kind} ${whom}`;
}

/** A frame is of no use any more when none followed for this long, in milliseconds: the connection or the worker is gone. */
const STALE_MS = 10_000;

/**
 * The roll-up that stands in place of the rows while more arrives than anybody reads. Rows change places only while nobody points
 * at them. It knows nothing of the screen; whoever draws reads it when it is time to draw.
 */
export class RolledAttempts {
  frame: SurgeFrame | null = null;
  #arrivedAt = 0;
  #order: string[] = [];

  /** @param held whether somebody points at the rows, so that each has to stay where it is */
  receive(frame: SurgeFrame, held: boolean, now: number): void {
    const keys = frame.rows.map(rowKey);
    const known = new Set(keys);
    const stay = held ? this.#order.filter((key) => known.has(key)) : [];
    this.#order = [...stay, ...keys.filter((key) => !stay.includes(key))];
    this.frame = frame.over ? null : frame;
    this.#arrivedAt = now;
  }

  /** Whether rows are to be rolled up. */
  active(now: number): boolean {
    return this.frame !== null && now - this.#arrivedAt < STALE_MS;
  }

  /** The rows in their order on the screen, of one outcome or of all. */
  rows(outcome: Outcome | null): RolledRow[] {
    const byKey = new Map((this.frame?.rows ?? []).map((row) => [rowKey(row), row]));
    return this.#order.flatMap((key) => byKey.get(key) ?? []).filter((row) => !outcome || row.outcome === outcome);
  }
}
