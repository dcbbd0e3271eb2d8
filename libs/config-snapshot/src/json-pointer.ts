/** One reference token of a JSON pointer (RFC 6901), escaped. */
export function escapeToken(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** `['records', 3, 'data']` → `/records/3/data`; no path at all → `''`. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${escapeToken(String(key))}`).join('');
}

/** The tokens of a pointer, unescaped. */
export function fromPointer(pointer: string): string[] {
  return pointer.split('/').slice(1).map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
