module.exports = { ...require('../../../jest.preset.js'), displayName: 'echo-endpoint' };
