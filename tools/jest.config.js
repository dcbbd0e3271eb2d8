module.exports = { ...require('../jest.preset.js'), displayName: 'tools', testMatch: ['<rootDir>/**/*.spec.ts', '<rootDir>/**/*.int-spec.ts'] };
