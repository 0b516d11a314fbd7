/** Oldest Node that the packages run on (typeorm and vite ask for it). */
const OLDEST = [20, 19];

/** One sentence when this Node is too old, otherwise nothing. Plain syntax: an old Node has to get this far. */
export function nodeIsTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  const fits = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  if (fits) return undefined;
  return `Gatehouse needs Node ${OLDEST.join('.')} or newer, and this is Node ${version}: get a newer one from https://nodejs.org and start again.`;
}
