import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom. Every list is an allow-list: what stands nowhere is refused. */
const LAYERS = {
  kernel: [],
  contracts: ['kernel'],
  transport: ['kernel'],
  domain: ['kernel', 'contracts', 'domain'],
  platform: ['kernel', 'contracts', 'domain', 'platform'],
  sdk: ['kernel', 'contracts', 'transport', 'domain'],
  runtime: ['kernel', 'contracts', 'transport', 'domain', 'platform', 'runtime'],
  app: ['kernel', 'contracts', 'domain', 'platform', 'runtime'],
  example: ['sdk'],
  testing: ['kernel', 'contracts', 'domain', 'platform'],
  e2e: ['kernel', 'contracts', 'domain', 'platform', 'testing'],
};

/** Control and data plane never import each other; a plugin is neither. */
const PLANES = {
  any: ['any'],
  control: ['any', 'control'],
  data: ['any', 'data'],
  plugin: ['any', 'plugin'],
  dev: ['any', 'dev'],
};

const FRAMEWORKS = ['@nestjs/*', 'typeorm', 'pg', '@grpc/*', 'bullmq', 'ioredis', 'fastify'];

const layerConstraints = (layers) =>
  Object.entries(layers).map(([layer, allowed]) => ({ sourceTag: `layer:${layer}`, onlyDependOnLibsWithTags: allowed.map((name) => `layer:${name}`) }));

const planeConstraints = Object.entries(PLANES).map(([plane, allowed]) => ({
  sourceTag: `plane:${plane}`,
  onlyDependOnLibsWithTags: allowed.map((name) => `plane:${name}`),
}));

const bans = [
  ...['layer:kernel', 'layer:transport', 'layer:domain'].map((sourceTag) => ({ sourceTag, bannedExternalImports: FRAMEWORKS })),
  { sourceTag: 'plane:data', bannedExternalImports: ['typeorm', 'pg', '@nestjs/typeorm'] },
];

const boundaries = (depConstraints) => ['error', { enforceBuildableLibDependency: false, allowCircularSelfDependency: true, checkDynamicDependenciesExceptions: ['.*'], depConstraints }];

/** A test may also use the testing library, whatever its layer. */
const layersInTests = Object.fromEntries(Object.entries(LAYERS).map(([layer, allowed]) => [layer, [...allowed, 'testing']]));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', '.nx/**', '.sluice/**', 'examples/plugins/go-echo/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts', 'examples/**/*.ts', 'tools/canary/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries([...layerConstraints(LAYERS), ...planeConstraints, ...bans]),
      // Optional dependencies and instrumentations are loaded when they are needed, not before.
      '@typescript-eslint/no-require-imports': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only src/config.ts of an app reads the environment.' }],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', '**/testing/**/*.ts', 'libs/testing/**/*.ts', 'apps/*-e2e/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layerConstraints(layersInTests)),
      'no-restricted-properties': 'off',
    },
  },
  {
    // These run in processes of their own, on whatever host started them.
    files: ['apps/*/src/config.ts', 'libs/plugin-sdk/src/**/*.ts', 'libs/plugin-runtime/src/process/**/*.ts', 'libs/plugin-runtime/src/launch/**/*.ts', 'libs/platform-server/src/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', require: 'readonly', module: 'writable', __dirname: 'readonly', __filename: 'readonly', Buffer: 'readonly', URL: 'readonly', fetch: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', setImmediate: 'readonly', AbortController: 'readonly', AbortSignal: 'readonly', performance: 'readonly', exports: 'writable', URLSearchParams: 'readonly', TextDecoder: 'readonly', TextEncoder: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['examples/plugins/*/ui/**/*.js'],
    languageOptions: { globals: { HTMLElement: 'readonly', document: 'readonly', customElements: 'readonly', fetch: 'readonly' } },
  },
);
