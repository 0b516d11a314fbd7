import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { checkPortEarly } from './early-port.mjs';
import { install } from './install.mjs';
import { Trouble, inCheckout } from './checkout.mjs';

/**
 * Makes sure that packages are installed and the build is current, then runs the command in this very process:
 * signals and the exit code need no passing on.
 */
export async function launch(args, { say }) {
  try {
    if (args[0] === 'start') await checkPortEarly(process.env);
    await install({ say });
    // Only a start shows the dashboard; other commands need not wait for its build.
    await build({ say, only: args[0] === 'start' ? undefined : ['server', 'workers', 'programs'] });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  const main = inCheckout('dist/programs/gatehouse/main.js');
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}
