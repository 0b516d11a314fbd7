/**
 * Who may import whom. The table in docs/architecture.md in words, here as rules.
 *
 * A feature is server/<feature>/ with domain/ (pure), store/ (database), http/ (controllers) and use-cases, which are
 * the files at its root. Names in $1 keep a rule inside one feature.
 */
const FEATURE = '^server/([^/]+)';
const NOT_A_FEATURE = '^server/(contracts|platform|cli|connectors|simulation|live)/';
const TOOLING = '^server/cli/[^/]+\\.mjs$';

/** Runtime dependency on other code; a type-only import leaves nothing behind at run time. */
const AT_RUN_TIME = { dependencyTypesNot: ['type-only'] };

const contracts = [
  {
    name: 'contracts-import-zod-only',
    comment:
      'server/contracts is the shared surface: the dashboard bundles it, so it may bring in zod and nothing else.',
    severity: 'error',
    from: { path: '^server/contracts/' },
    to: { pathNot: ['^server/contracts/', '^node_modules/zod/'] },
  },
];

const sessions = [
  {
    name: 'sessions-begin-in-one-place',
    comment: 'A session is opened at the end of a sign-in, after every factor, and nowhere else.',
    severity: 'error',
    from: { path: '^(server|workers)/', pathNot: ['^server/authentication/open-session\\.ts$'] },
    to: { path: '^server/sessions/create-session\\.ts$' },
  },
];

const domain = [
  {
    name: 'domain-stays-in-the-domain',
    comment: 'Domain code may use its own domain, contracts, and the types of other domains.',
    severity: 'error',
    from: { path: `${FEATURE}/domain/` },
    to: { path: '^(server|workers|dashboard)/', pathNot: ['^server/$1/domain/', '^server/contracts/'], ...AT_RUN_TIME },
  },
  {
    name: 'domain-types-from-domains-only',
    comment: 'Even as a type, a store, a controller or the platform has no place in a domain.',
    severity: 'error',
    from: { path: `${FEATURE}/domain/` },
    to: { path: '^(server|workers|dashboard)/', pathNot: ['^server/[^/]+/domain/', '^server/contracts/'] },
  },
  {
    name: 'domain-is-pure',
    comment: 'Clock, ids, randomness and facts are arguments: no node:*, no framework, no database, no queue.',
    severity: 'error',
    from: { path: `${FEATURE}/domain/` },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'domain-knows-no-framework',
    severity: 'error',
    from: { path: `${FEATURE}/domain/` },
    to: { path: '^node_modules/(@nestjs|typeorm|bullmq|ioredis|pg|fastify|socket\\.io|rxjs|pino)(/|$)' },
  },
];

const store = [
  {
    name: 'store-stays-with-its-feature',
    comment:
      'A store may use its own domain and store, contracts, platform/database and clock; never http, live, another store.',
    severity: 'error',
    from: { path: `${FEATURE}/store/` },
    to: {
      path: '^(server|workers|dashboard)/',
      pathNot: ['^server/$1/(domain|store)/', '^server/contracts/', '^server/platform/(database/|clock)'],
      ...AT_RUN_TIME,
    },
  },
];

const useCases = [
  {
    name: 'use-case-reaches',
    comment: 'A use-case may use its own domain and store, use-cases of other features, contracts and platform.',
    severity: 'error',
    from: { path: `${FEATURE}/[^/]+\\.ts$`, pathNot: [NOT_A_FEATURE, '\\.module\\.ts$'] },
    to: {
      path: '^(server|workers|dashboard)/',
      pathNot: ['^server/$1/(domain|store)/', '^server/(?!live/)[^/]+/[^/]+\\.ts$', '^server/(contracts|platform)/'],
      ...AT_RUN_TIME,
    },
  },
];

const edges = [
  {
    name: 'http-and-live-never-touch-stores',
    comment: 'Controllers and the live gateway speak to use-cases; only they and stores speak to the database.',
    severity: 'error',
    from: { path: ['^server/[^/]+/http/', '^server/live/'] },
    to: { path: ['^server/[^/]+/store/', '^node_modules/typeorm/', '^workers/', '^dashboard/'], ...AT_RUN_TIME },
  },
  {
    name: 'http-stays-with-its-feature',
    comment: 'A controller may use its own http folder and the guard of authentication, no other controllers.',
    severity: 'error',
    from: { path: `${FEATURE}/http/` },
    to: { path: '^server/[^/]+/http/', pathNot: ['^server/$1/http/', '^server/(authentication|platform)/http/'] },
  },
  {
    name: 'workers-use-use-cases',
    comment: 'A worker calls use-cases; it knows no controllers, no sockets, no screen and no tables.',
    severity: 'error',
    from: { path: '^workers/' },
    to: { path: ['^server/[^/]+/(http|store)/', '^server/live/', '^dashboard/'], ...AT_RUN_TIME },
  },
  {
    name: 'dashboard-knows-contracts-only',
    comment: 'The dashboard is a client of the API: it shares the contracts and nothing else of the server.',
    severity: 'error',
    from: { path: '^dashboard/' },
    to: { path: ['^server/', '^workers/'], pathNot: '^server/contracts/' },
  },
  {
    name: 'dashboard-runs-in-a-browser',
    severity: 'error',
    from: { path: '^dashboard/src/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'clients-use-the-api',
    comment:
      'The log shipper and the simulated company are outside programs: contracts and small platform helpers only.',
    severity: 'error',
    // Switching the simulated company on and off, and making its keys, belongs to the house.
    from: {
      path: '^server/(connectors|simulation)/',
      pathNot: '^server/simulation/(http/|company-records|switch-simulation)',
    },
    to: {
      path: '^(server|workers|dashboard)/',
      pathNot: ['^server/(connectors|simulation|contracts|platform)/', '^server/[^/]+/domain/'],
      ...AT_RUN_TIME,
    },
  },
  {
    name: 'nothing-imports-tests',
    severity: 'error',
    from: { pathNot: '^test/' },
    to: { path: '^test/' },
  },
  {
    name: 'nothing-imports-the-dashboard',
    severity: 'error',
    from: { path: '^(server|workers)/' },
    to: { path: '^dashboard/' },
  },
  {
    name: 'server-never-imports-workers',
    severity: 'error',
    from: { path: '^server/' },
    to: { path: '^workers/' },
  },
  {
    name: 'platform-chooses-the-shape',
    comment: 'Whether Redis is there is decided once, in server/platform; nothing else may hold a Redis client.',
    severity: 'error',
    from: { path: '^(server|workers)/', pathNot: '^server/platform/' },
    to: { path: '^node_modules/(ioredis|@socket\\.io/(postgres|redis)-adapter)/' },
  },
];

const everywhere = [
  {
    name: 'no-cycles',
    severity: 'error',
    from: {},
    // Types alone may point at each other: nothing of them is left when the program runs.
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'every-import-resolves',
    severity: 'error',
    from: {},
    // Modules that Vite makes while it builds are nowhere on disk.
    to: { couldNotResolve: true, pathNot: '^virtual:' },
  },
  {
    name: 'no-development-packages-at-run-time',
    comment: 'The server and its workers run from `dependencies`; the build scripts are tooling.',
    severity: 'error',
    from: { path: '^(server|workers)/', pathNot: TOOLING },
    to: { dependencyTypes: ['npm-dev'], ...AT_RUN_TIME },
  },
];

module.exports = {
  forbidden: [...contracts, ...sessions, ...domain, ...store, ...useCases, ...edges, ...everywhere],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^data/'] },
    // Type-only imports are seen and marked, so that the rules above can tell them apart.
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.json', '.d.ts'],
    },
  },
};
