const PARAMETER = /;[^/]*/g;
const SLASHES = /\/{2,}/g;
const QUERY_OR_FRAGMENT = /[?#].*$/s;
const SPACES_AT_END = /(?<! ) +(?=\/|$)/g;
const LOOSE = /[;?#]|\/\/| (?:\/|$)/;

/**
 * The path as a reader could take it that splits parameters off segments, merges slashes, trims spaces, or reads what was an encoded
 * question mark or hash as the end of the path; undefined where that is the same path.
 */
export function loosePath(path: string): string | undefined {
  if (!LOOSE.test(path)) return undefined;
  const loose = path.replace(QUERY_OR_FRAGMENT, '').replace(PARAMETER, '').replace(SPACES_AT_END, '').replace(SLASHES, '/');
  return loose === '' ? '/' : loose;
}
