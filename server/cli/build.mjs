import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundlePrograms } from './bundle.mjs';
import { Trouble, inCheckout, lastLines, run, stillBusy } from './checkout.mjs';

/** What is built: from which files, into which folder of dist/, how. */
const parts = [
  { name: 'server', sources: ['server'], settings: ['.swcrc'], make: compile },
  { name: 'workers', sources: ['workers'], settings: ['.swcrc'], make: compile },
  { name: 'programs', sources: ['server', 'workers'], settings: ['.swcrc', 'package-lock.json'], make: bundlePrograms },
  // Only for `npm run evaluate`, which asks for it by name.
  { name: 'test/evaluation', sources: ['test/evaluation'], settings: ['.swcrc'], make: compile, optional: true },
  {
    name: 'tables',
    sources: ['server/attempts/enrich'],
    settings: ['package-lock.json'],
    make: prepareTables,
  },
  {
    name: 'dashboard',
    sources: ['dashboard', 'server/contracts'],
    settings: ['package-lock.json', 'tsconfig.json'],
    make: bundle,
    present: () => existsSync(inCheckout('dashboard/index.html')),
  },
];

const STAMP = '.built-from';

/**
 * Builds into dist/ what has changed since the last build, judged by content, not by time.
 * @param options.only names of the parts to look at; all that the product needs by default
 */
export async function build({ say, only }) {
  for (const part of parts) {
    if (only ? !only.includes(part.name) : part.optional) continue;
    if (part.present && !part.present()) continue;
    const fingerprint = await fingerprintOf(part);
    if ((await stampOf(part)) === fingerprint) continue;
    say(`Building ${part.name} …`);
    await buildPart(part, fingerprint, say);
  }
}

async function buildPart(part, fingerprint, say) {
  // Built aside and moved into place: a crash leaves the old build, and two builds at once don't mix.
  const aside = inCheckout(`dist/.${part.name.replace('/', '-')}-${process.pid}`);
  const done = stillBusy(say, `still building ${part.name}`);
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    await part.make(part, aside);
    await writeFile(join(aside, STAMP), fingerprint);
    await replace(inCheckout(`dist/${part.name}`), aside);
  } catch (error) {
    if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'ENOSPC') {
      throw new Trouble(
        `The build can't write to ${inCheckout('dist')} (${error.code}): free some space or make the folder writable.`,
      );
    }
    throw error;
  } finally {
    done();
    await rm(aside, { recursive: true, force: true });
  }
}

async function replace(target, fresh) {
  const old = `${target}.old-${process.pid}`;
  await mkdir(dirname(target), { recursive: true });
  if (existsSync(target)) await rename(target, old);
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
}

async function fingerprintOf(part) {
  const hash = createHash('sha256');
  const listed = await Promise.all(part.sources.map((folder) => filesIn(inCheckout(folder))));
  // The tables are in a format of V8.
  hash.update(process.versions.v8);
  const files = [...listed.flat(), ...part.settings.map(inCheckout), inCheckout('server/cli/build.mjs')];
  for (const file of files.sort()) {
    hash.update(`${relative(inCheckout(''), file)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}

async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function stampOf(part) {
  try {
    return await readFile(inCheckout(`dist/${part.name}/${STAMP}`), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** TypeScript to JavaScript, file by file; types are checked by `npm run check`, not at every start. */
async function compile(part, target) {
  const { transformFile } = await import('@swc/core');
  const options = JSON.parse(await readFile(inCheckout('.swcrc'), 'utf8'));
  const source = inCheckout(part.name);
  const queue = (await filesIn(source)).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  const compileSome = async () => {
    for (let file = queue.pop(); file; file = queue.pop()) {
      const out = join(target, `${relative(source, file).slice(0, -3)}.js`);
      // The folder is moved after the build, so the map names its source by an absolute address.
      const { code, map } = await transformFile(file, {
        ...options,
        swcrc: false,
        sourceFileName: pathToFileURL(file).href,
      }).catch((error) => {
        throw new Trouble(`${relative(inCheckout(''), file)} can't be compiled:\n${lastLines(error.message, 12)}`);
      });
      await mkdir(dirname(out), { recursive: true });
      await writeFile(out, map ? `${code}\n//# sourceMappingURL=${out.split('/').pop()}.map\n` : code);
      if (map) await writeFile(`${out}.map`, map);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() * 2 }, compileSome));
}

/** The databases of places and networks, in a form that is read quickly. */
async function prepareTables(_part, target) {
  const code = (name) => import(pathToFileURL(inCheckout(`dist/server/attempts/enrich/${name}.js`)).href);
  const [{ writeNetworkTable }, { writePlaceTable }] = [await code('network-table'), await code('place-table')];
  await writeNetworkTable(target);
  await writePlaceTable(target);
}

async function bundle(_part, target) {
  const args = [inCheckout('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', '--emptyOutDir'];
  const { code, output } = await run(process.execPath, [...args, '--outDir', target, inCheckout('dashboard')], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (code !== 0) throw new Trouble(`The dashboard can't be built:\n${lastLines(output, 20)}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  build({ say: console.log }).catch((error) => {
    console.error(error instanceof Trouble ? error.message : error);
    process.exitCode = 1;
  });
}
