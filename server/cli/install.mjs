import { readFile } from 'node:fs/promises';
import { Trouble, inCheckout, lastLines, run, stillBusy } from './checkout.mjs';

/** Installs unless the packages on disk are those of package-lock.json. */
export async function install({ say }) {
  if (await isInstalled()) return;
  say('Installing packages (the first time takes a minute or two) …');
  const done = stillBusy(say, 'still installing');
  try {
    // Building needs development packages, also where NODE_ENV=production is set. Not `npm ci`: it refuses a lock file that lacks
    // optional packages of other platforms, which some registries don't carry. The locked versions are installed all the same.
    const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await npm(args);
    if (code !== 0) throw new Trouble(`npm install failed, so Gatehouse can't start:\n${lastLines(output)}`);
  } finally {
    done();
  }
}

function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args]);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args).catch((error) => {
    if (error.code === 'ENOENT')
      throw new Trouble('npm is not on the PATH, and Gatehouse needs it to install its packages.');
    throw error;
  });
}

/**
 * Compares what npm noted down as installed with what the lock file asks for. npm writes its note last, so an
 * interrupted installation counts as none. Optional packages depend on the machine and are not compared.
 */
async function isInstalled() {
  const wanted = await packagesOf('package-lock.json');
  if (!wanted) throw new Trouble('package-lock.json is missing or damaged: get a complete checkout of Gatehouse.');
  const present = await packagesOf('node_modules/.package-lock.json');
  if (!present) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || present[path]?.version === entry.version,
  );
}

async function packagesOf(file) {
  try {
    return JSON.parse(await readFile(inCheckout(file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
