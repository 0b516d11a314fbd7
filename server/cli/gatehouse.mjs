#!/usr/bin/env node
// The `gatehouse` command: standard output belongs to the command itself, so progress goes to standard error.
import { nodeIsTooOld } from './node-version.mjs';

const complaint = nodeIsTooOld(process.versions.node);
if (complaint) {
  console.error(complaint);
  process.exitCode = 1;
} else {
  const { launch } = await import('./launch.mjs');
  await launch(process.argv.slice(2), { say: console.error });
}
