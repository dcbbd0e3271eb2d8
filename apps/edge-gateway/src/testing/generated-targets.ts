/** What targets are made of: ordinary text, and everything that two readers have ever understood differently. */
const PIECES: readonly string[] = [
  'a', 'b', 'x1', 'private', 'admin', 'public', 'token', 'echo', 'plugins', 'A', '.well-known', 'é', '%c3%a9', '%41', '%20', '+', '~', '@', ':', '=', '&', ',', '!', "'", '(', '*',
  '/', '/', '/', '/', '//', '///', '.', '..', '/.', '/..', '/./', '/../', '...', '..a', '%2e', '%2E', '%2e%2e', '.%2e', '%2e.', '%252e', '%252e%252e', '%2f', '%2F', '%252f', '%5c', '\\', '%255c',
  ';', ';a=b', ';/', '..;', '%3b', '%253b', '?', '?a=b', '%3f', '%253f', '#', '%23', '%00', '%0a', '%0d', '%09', '%1f', '%7f', '%c2%85', '%c0%af', '%c0%ae', '%e0%80%af', '%ed%a0%80', '%ff', '%', '%4', '%zz', '%u002f', '%25', '%2541', '%25%32%66',
  '|', '<', '"', '^', '`', '{', '\t', '\0', '\u00ff',
];
const BEGINNINGS: readonly string[] = ['/plugins/echo/', '/plugins/echo/', '/plugins/echo/', '/plugins/echo', '/plugins/', '/plugins', '/', '', '/plugins/other/', '//plugins/echo/', '/Plugins/echo/', '/plugins//echo/', '/plugins/echo//', '/plugins/echo/private', '/plugins/echo/admin/'];
const MOST_PIECES = 7;

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Targets of request lines, good ones and bad ones. */
export function* generatedTargets(count: number, seed: number): Iterable<string> {
  const random = seeded(seed);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  for (let made = 0; made < count; made++) {
    let target = pick(BEGINNINGS);
    for (let pieces = Math.floor(random() * MOST_PIECES); pieces > 0; pieces--) target += pick(PIECES);
    yield target;
  }
}
