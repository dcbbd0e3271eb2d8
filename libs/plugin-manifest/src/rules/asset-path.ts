import type { TextRule } from './rule';

/** A path below the plugin's own root: relative, with forward slashes, and nowhere `..`. */
export const assetPath: TextRule = (text) => {
  if (text.includes('\0') || text.includes('\\')) return 'Write the asset path with forward slashes and plain characters, such as ui/dashboard.js.';
  if (text.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(text)) return 'Write a path relative to the plugin, such as ui/dashboard.js.';
  if (text.split('/').some((part) => decodes(part) === '..')) return 'Write a path without `..`: only files of the plugin itself can be served.';
  if (text.split('/').some((part) => part === '' || part === '.')) return 'Write the path without empty parts or `.`, such as ui/dashboard.js.';
  return undefined;
};

function decodes(part: string): string {
  return part.replace(/%2e/gi, '.');
}
