/** Reads `key=value` arguments. A value that is JSON (`5`, `true`, `["a"]`) is that value, everything else is text. Throws an error with a sentence. */
export function parseConfig(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(parsePair));
}

function parsePair(pair: string): [string, unknown] {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new Error(`${pair} is not like key=value.`);
  const text = pair.slice(equals + 1);
  try {
    return [pair.slice(0, equals), JSON.parse(text)];
  } catch {
    return [pair.slice(0, equals), text];
  }
}
