const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MAX_CACHED = 2_000;
const cache = new Map<string, string>();

for (const name of [
  'Accept', 'Accept-Encoding', 'Accept-Language', 'Authorization', 'Cache-Control', 'Connection', 'Content-Length', 'Content-Type', 'Cookie', 'Host',
  'Last-Event-Id', 'Mcp-Protocol-Version', 'Mcp-Session-Id', 'Origin', 'Referer', 'Traceparent', 'Tracestate', 'Transfer-Encoding', 'User-Agent',
  'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Request-Id',
]) {
  cache.set(name, name);
  cache.set(name.toLowerCase(), name);
}

/**
 * The name as Go's `textproto.CanonicalMIMEHeaderKey` writes it (`Content-Type`, `X-Webhook-Signature`): compiled plugins index
 * their header map literally. A name that is no HTTP token comes back as it is.
 */
export function goHeaderName(name: string): string {
  return cache.get(name) ?? remember(name);
}

function remember(name: string): string {
  const canonical = TOKEN.test(name) ? name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()) : name;
  // The cache is bounded, or a client could fill the memory with names.
  if (cache.size < MAX_CACHED && name.length <= 64) cache.set(name, canonical);
  return canonical;
}
