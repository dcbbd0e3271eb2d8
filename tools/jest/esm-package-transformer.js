/** Turns the ES modules of ESM-only packages into CommonJS for Jest, and leaves CommonJS as it is. */
const { createHash } = require('node:crypto');
const swc = require('@swc/core');

const ES_MODULE = /^\s*(?:import\s*(?:[\w{*"']|$)|export\s*(?:[{*]|default|const|let|var|function|class|async))|\bimport\.meta\b/m;

const options = {
  swcrc: false,
  configFile: false,
  isModule: true,
  jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
  module: { type: 'commonjs', ignoreDynamic: false },
};

module.exports = {
  process(source, filename) {
    if (filename.endsWith('.cjs') || !ES_MODULE.test(source)) return { code: source };
    const { code } = swc.transformSync(source.replaceAll('import.meta.url', `require('node:url').pathToFileURL(__filename).href`), {
      ...options,
      filename,
    });
    return { code };
  },
  getCacheKey(source, filename) {
    return createHash('sha256').update('1').update(filename).update(source).digest('hex');
  },
};
