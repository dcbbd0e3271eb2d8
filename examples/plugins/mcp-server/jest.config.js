module.exports = { ...require('../../../jest.preset.js'), displayName: 'mcp-server' };
