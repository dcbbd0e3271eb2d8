module.exports = { ...require('../../../jest.preset.js'), displayName: 'oauth-provider' };
