/** Headers that are about one connection and go no further (RFC 9110, 7.6.1), in lower case. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function isHopByHop(lowerCaseName: string): boolean {
  return HOP_BY_HOP.has(lowerCaseName);
}

/** The further names that a `Connection` header makes hop-by-hop, in lower case. */
export function namedByConnection(connection: string): string[] {
  const names = connection.split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '' && name !== 'close' && name !== 'keep-alive' && !HOP_BY_HOP.has(name));
}
