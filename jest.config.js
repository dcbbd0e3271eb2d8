module.exports = { projects: ['<rootDir>/libs/*', '<rootDir>/apps/*', '<rootDir>/examples/plugins/*', '<rootDir>/tools'], maxWorkers: 2 };
