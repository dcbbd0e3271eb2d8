const PARAMETER = /;[^/]*/g;
const SLASHES = /\/{2,}/g;
const QUERY_OR_FRAGMENT = /[?#].*$/s;
const LOOSE = /[;?#]|\/\//;

/**
 * The path as a reader could take it that splits parameters off segments, merges slashes, or reads what was an encoded question mark or hash as the end of the
 * path; undefined where that is the same path.
 */
export function loosePath(path: string): string | undefined {
  if (!LOOSE.test(path)) return undefined;
  const loose = path.replace(QUERY_OR_FRAGMENT, '').replace(PARAMETER, '').replace(SLASHES, '/');
  return loose === '' ? '/' : loose;
}
