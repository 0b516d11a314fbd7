import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const swc = JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8'));

/** What every project has in common: TypeScript as ES modules, compiled the way the product itself is compiled. */
function project(name, overrides = {}) {
  return {
    displayName: name,
    rootDir: root,
    testEnvironment: 'node',
    testMatch: [`<rootDir>/test/${name}/**/*.spec.ts`],
    modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
    extensionsToTreatAsEsm: ['.ts'],
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, sourceMaps: 'inline' }] },
    ...overrides,
  };
}

// One real PostgreSQL serves all spec files of a run; each file takes a database of its own (test/support/postgres.ts).
const onPostgres = {
  globalSetup: '<rootDir>/test/support/postgres-start.mjs',
  globalTeardown: '<rootDir>/test/support/postgres-stop.mjs',
};

export default {
  rootDir: root,
  // By hand one at a time, so that what is printed can be followed; `npm test` runs two.
  maxWorkers: 1,
  // Jest minds this only here, not in a project: starting PostgreSQL, servers and browsers takes its time on a slow machine.
  testTimeout: 120_000,
  // ES modules are never unloaded inside one process; a fresh worker now and then bounds memory.
  workerIdleMemoryLimit: '600MB',
  projects: [project('unit'), project('integration', onPostgres), project('browser', onPostgres)],
};
