module.exports = { ...require('../../jest.preset.js'), displayName: '@sluice/platform-config' };
