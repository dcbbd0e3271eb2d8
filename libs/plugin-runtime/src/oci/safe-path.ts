const MAX_PATH = 1_024;
const MAX_NAME = 200;
const MAX_DEPTH = 32;

/**
 * A path inside an archive in its plain form: relative, with `/`, without `.` and `..`. Undefined for anything that could mean a place
 * outside, or that another program would read differently.
 */
export function safePath(path: string): string | undefined {
  if (path === '' || path.startsWith('/') || path.length > MAX_PATH) return undefined;
  if ([...path].some((character) => character < ' ' || character === '\\' || character === '\x7f')) return undefined;
  const names = path.replace(/\/$/, '').split('/').filter((name, n) => !(name === '.' && n === 0));
  if (names.length > MAX_DEPTH || names.some((name) => name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > MAX_NAME)) return undefined;
  return names.join('/');
}
