module.exports = { ...require('../../../jest.preset.js'), displayName: 'object-hook' };
