import { whole } from '../../ui/wording.js';

/** A value of a sparkline; null where it is not known. The last one belongs to the hour that is not over. */
export type SparkValue = { at: number; value: number | null };

export const WIDTH = 96;
export const HEIGHT = 20;
/** Room for the dot at the end and for the line's own width. */
const MARGIN = 3;

export type Spark = {
  /** Pieces of the line: a gap where nothing is known. */
  lines: string[];
  /** From the last whole hour to the present one, which is not over. */
  partial: string | null;
  dot: { x: number; y: number } | null;
  /** Where the present hour is, to be hatched. */
  present: { x: number; width: number };
};

/** The drawing of a sparkline: no axes, from zero to the greatest value. */
export function drawSpark(values: readonly SparkValue[]): Spark {
  const most = Math.max(1, ...values.map(({ value }) => value ?? 0));
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, values.length - 1);
  const point = (index: number, value: number) => ({
    x: MARGIN + index * step,
    y: HEIGHT - MARGIN - (value / most) * (HEIGHT - 2 * MARGIN),
  });
  const pieces: string[][] = [[]];
  for (const [index, { value }] of values.slice(0, -1).entries()) {
    if (value === null) pieces.push([]);
    else {
      const { x, y } = point(index, value);
      pieces.at(-1)?.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
    }
  }
  const last = values.at(-1)?.value ?? null;
  const before = values.at(-2)?.value ?? null;
  const end = last === null ? null : point(values.length - 1, last);
  const from = before === null ? null : point(values.length - 2, before);
  return {
    // A single known hour between two unknown ones is a point.
    lines: pieces
      .filter((piece) => piece.length > 0)
      .map((piece) => `M${piece.length === 1 ? `${piece[0] ?? ''}h.1` : piece.join('L')}`),
    partial: end && from ? `M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${end.x.toFixed(1)} ${end.y.toFixed(1)}` : null,
    dot: end,
    present: { x: WIDTH - MARGIN - step, width: step + MARGIN },
  };
}

/** What the line shows, in words. */
export function sparkSentence(name: string, values: readonly SparkValue[]): string {
  const known = values.slice(0, -1).flatMap(({ value }) => (value === null ? [] : [value]));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) return `${name}: nothing known of the last 24 hours`;
  const most = whole(Math.max(...known));
  const way = last > first ? 'rose' : last < first ? 'fell' : 'stayed';
  const course = way === 'stayed' ? `stayed at ${whole(first)}` : `${way} from ${whole(first)} to ${whole(last)}`;
  const gaps = values.length - 1 - known.length;
  const unknown = gaps === 0 ? '' : `; ${whole(gaps)} ${gaps === 1 ? 'hour is' : 'hours are'} not known`;
  return `${name} per hour ${course} in 24 hours, at most ${most}${unknown}`;
}
