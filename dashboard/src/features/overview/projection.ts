/**
 * The Equal Earth projection (Šavrič, Patterson and Jenny, 2018): areas are true everywhere, so that a dot means as much in Bergen
 * as in Singapore. The map is drawn with it when the console is built, and places are put on it here.
 */
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;
const EARTH_KM = 6_371;

/** Width and height of the drawing; the South Pacific at both ends, Antarctica and the far north are left out. */
export const MAP = { width: 860, height: 398 };
const WEST = -2.32;
const NORTH = 1.27;
/** Pixels a unit of the projection: the part shown is 4.82 units wide. */
export const SCALE = MAP.width / 4.82;

export type Point = { x: number; y: number };
export type Position = { latitude: number; longitude: number };

/** Where a position is on the drawing. */
export function project({ latitude, longitude }: Position): Point {
  const angle = Math.asin(M * Math.sin(radians(latitude)));
  const square = angle * angle;
  const sixth = square ** 3;
  const x = (radians(longitude) * Math.cos(angle)) / (M * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)));
  const y = angle * (A1 + A2 * square + sixth * (A3 + A4 * square));
  return { x: (x - WEST) * SCALE, y: (NORTH - y) * SCALE };
}

/** Where the middle of the projection is on the drawing, for whoever draws with another tool. */
export const CENTRE: [number, number] = [-WEST * SCALE, NORTH * SCALE];

/** A distance on the ground, near enough where areas are true. */
export const pixelsOf = (kilometres: number): number => (kilometres / EARTH_KM) * SCALE;

const STEPS = 48;

/** The shortest way over the globe between two positions, as pieces: it leaves the drawing on one side and comes back on the other. */
export function greatCircle(from: Position, to: Position): Point[][] {
  const a = vector(from);
  const b = vector(to);
  const angle = Math.acos(Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  const pieces: Point[][] = [[]];
  for (let step = 0; step <= STEPS; step += 1) {
    const position = angle === 0 ? from : onTheWay(a, b, angle, step / STEPS);
    const point = project(position);
    const last = pieces.at(-1)?.at(-1);
    if (last && Math.abs(point.x - last.x) > MAP.width / 2) pieces.push([]);
    pieces.at(-1)?.push(point);
    if (angle === 0) break;
  }
  return pieces;
}

type Vector = [number, number, number];

function onTheWay(a: Vector, b: Vector, angle: number, share: number): Position {
  const [p, q] = [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
  const [x, y, z] = [p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]];
  return { latitude: degrees(Math.atan2(z, Math.hypot(x, y))), longitude: degrees(Math.atan2(y, x)) };
}

function vector({ latitude, longitude }: Position): Vector {
  const [phi, lambda] = [radians(latitude), radians(longitude)];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (radians: number): number => (radians * 180) / Math.PI;
