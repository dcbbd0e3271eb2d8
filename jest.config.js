module.exports = {
  projects: ['libs/*', 'apps/*', 'examples/plugins/*', 'tools'].map((folder) => `<rootDir>/${folder}/jest.config.js`),
  maxWorkers: 2,
  testTimeout: 30_000,
};
