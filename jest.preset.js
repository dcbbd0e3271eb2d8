/** What every project of the workspace shares; a project's jest.config.js adds its name. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/src/**/*.int-spec.ts', '<rootDir>/src/**/*.e2e-spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  moduleNameMapper: {
    '^@sluice/contracts/(.*)$': `${__dirname}/libs/contracts/src/$1`,
    '^@sluice/plugin-runtime/testing$': `${__dirname}/libs/plugin-runtime/src/testing`,
    '^@sluice/([^/]+)$': `${__dirname}/libs/$1/src`,
  },
  transform: {
    '\\.ts$': ['@swc/jest', { swcrc: false, ...swcOptions() }],
    // Jest runs CommonJS, and some packages ship only ES modules.
    'node_modules/.+\\.m?js$': `${__dirname}/tools/jest/esm-package-transformer.js`,
  },
  transformIgnorePatterns: [],
};

function swcOptions() {
  const { $schema: _, exclude: __, ...options } = JSON.parse(require('node:fs').readFileSync(`${__dirname}/.swcrc`, 'utf8'));
  return { ...options, module: { ...options.module, ignoreDynamic: false } };
}
