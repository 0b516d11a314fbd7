import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Rules for every file, typed or not. */
const everywhere = {
  eqeqeq: 'error',
  'no-console': 'error',
  'no-debugger': 'error',
  'no-eval': 'error',
  'no-implicit-coercion': ['error', { boolean: false }],
  'no-template-curly-in-string': 'error',
  'no-unneeded-ternary': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
  // An empty catch is a swallowed error; say in the block why nothing is to be done.
  'no-empty': ['error', { allowEmptyCatch: false }],
};

/** Size limits: a file or a function beyond them does more than one thing. */
const sizes = {
  'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  '@typescript-eslint/max-params': ['error', { max: 6 }],
  // A switch with one sentence per kind is long, not complex: it counts once.
  complexity: ['error', { max: 15, variant: 'modified' }],
};

const typed = {
  // Nest modules and gateways are often empty classes that carry a decorator.
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  // Numbers and booleans read well inside a sentence; objects and undefined stay forbidden.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // `() => doIt()` as a callback, and `return refuse(reason)` as a way out, are idiomatic.
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  // Nest types its options as classes and expects plain objects.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // `while (true)` with a clear way out beats a flag.
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
  // System calls reject with ErrnoException and nothing else; saying so in the callback reads better than a cast.
  '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
  // Handlers that implement an asynchronous interface need no await inside.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // consistent-type-imports stays off on purpose: a type-only import erases the class that Nest injects by.
};

export default tseslint.config(
  { ignores: ['dist/', 'data/', 'node_modules/', 'coverage/', 'test-results/', 'docs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, rules: everywhere },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: { ...typed, ...sizes },
  },
  ...svelte.configs.recommended.map((config) => ({
    ...config,
    files: config.files ?? ['**/*.svelte', '**/*.svelte.ts'],
  })),
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      // Names, user agents and log lines come from attackers: nothing is ever put on a page as HTML.
      'svelte/no-at-html-tags': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-target-blank': 'error',
      // `let { … } = $props()` and `$derived` are declarations that Svelte assigns; its own version of the rule knows.
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      // Stores replace whole collections ($state.raw), and caches beside them are not to be reactive.
      'svelte/prefer-svelte-reactivity': 'off',
      // The dashboard has a router of its own; this rule speaks of SvelteKit's.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['**/*.svelte'],
    // svelte-check does the type checking of components, with far better knowledge of them.
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A describe block is a table of contents, not a function.
      'max-lines-per-function': 'off',
      // In a test, a missing value is a failure of the test: `!` says just that.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect(object.method)` compares, it does not call.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // The command line talks to people on the terminal.
    files: ['server/cli/**', 'test/**/*.mjs', 'test/bench/**', 'test/faults/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: globals.node },
    rules: { 'no-undef': 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
);
