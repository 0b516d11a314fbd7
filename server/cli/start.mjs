// `npm start`: the only file that must also be understood by an old Node, hence the dynamic import below.
import { nodeIsTooOld } from './node-version.mjs';

const complaint = nodeIsTooOld(process.versions.node);
if (complaint) {
  console.error(complaint);
  process.exitCode = 1;
} else {
  const { launch } = await import('./launch.mjs');
  await launch(['start', ...process.argv.slice(2)], { say: console.log });
}
