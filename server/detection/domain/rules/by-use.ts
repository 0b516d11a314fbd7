/** Sign-ins after which something is as familiar as it gets. */
const MANY = 16;

/** Reassurance grows with use: `from` after one sign-in, `to` after sixteen. */
export function byUse(points: { from: number; to: number }, signIns: number): number {
  return points.from + ((points.to - points.from) * Math.log(Math.min(signIns, MANY))) / Math.log(MANY);
}
