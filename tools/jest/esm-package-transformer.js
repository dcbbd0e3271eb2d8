/** Turns ES modules and dynamic imports in packages into CommonJS for Jest, and leaves everything else as it is. */
const { createHash } = require('node:crypto');
const swc = require('@swc/core');

const ES_MODULE = /^\s*(?:import\s*(?:[\w{*"']|$)|export\s*(?:[{*]|default|const|let|var|function|class|async))|\bimport\.meta\b/m;

const DYNAMIC_IMPORT = /\bimport\s*\(/;

const options = {
  swcrc: false,
  configFile: false,
  // swc leaves dynamic imports of a file that it takes for CommonJS alone.
  isModule: true,
  jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
  module: { type: 'commonjs', ignoreDynamic: false },
};

module.exports = {
  process(source, filename) {
    if (!DYNAMIC_IMPORT.test(source) && (filename.endsWith('.cjs') || !ES_MODULE.test(source))) return { code: source };
    const { code } = swc.transformSync(source.replaceAll('import.meta.url', `require('node:url').pathToFileURL(__filename).href`), {
      ...options,
      filename,
    });
    return { code };
  },
  getCacheKey(source, filename) {
    return createHash('sha256').update('3').update(filename).update(source).digest('hex');
  },
};
