import { goHeaderName } from './go-header-name';
import { isHopByHop } from './hop-by-hop';

/** What the edge does with a header line of a request. */
export type HeaderRole =
  /** Goes to the plugin. */
  | 'plain'
  /** Goes to the plugin; repeated lines are joined by semicolons. */
  | 'cookie'
  | 'host'
  | 'connection'
  | 'hopByHop'
  | 'transferEncoding'
  | 'contentLength'
  | 'expect'
  /** Says what a request was before a proxy touched it: believed of trusted proxies only. */
  | 'forwarded'
  | 'configRevision';

export interface HeaderName {
  /** As compiled plugins index it: `X-Webhook-Signature`. */
  readonly canonical: string;
  readonly role: HeaderRole;
}

const ROLES: Readonly<Record<string, HeaderRole>> = {
  cookie: 'cookie',
  host: 'host',
  connection: 'connection',
  'transfer-encoding': 'transferEncoding',
  'content-length': 'contentLength',
  expect: 'expect',
  'x-config-revision': 'configRevision',
  'http2-settings': 'hopByHop',
  forwarded: 'forwarded',
  'x-real-ip': 'forwarded',
  'x-client-ip': 'forwarded',
  'x-cluster-client-ip': 'forwarded',
  'true-client-ip': 'forwarded',
  'cf-connecting-ip': 'forwarded',
  // Some frameworks route by these instead of the path: not the path that was authorised.
  'x-original-url': 'forwarded',
  'x-rewrite-url': 'forwarded',
};
const FORWARDED_PREFIXES = ['x-forwarded-', 'x-original-'];
const MAX_CACHED = 2_000;
const MAX_CACHED_LENGTH = 64;
const cache = new Map<string, HeaderName>();

/** Reads a name as it came. One look-up for names that were seen before. */
export function headerName(raw: string): HeaderName {
  return cache.get(raw) ?? remember(raw);
}

export function roleOf(lowerCaseName: string): HeaderRole {
  if (Object.hasOwn(ROLES, lowerCaseName)) return ROLES[lowerCaseName]!;
  if (isHopByHop(lowerCaseName)) return 'hopByHop';
  return FORWARDED_PREFIXES.some((prefix) => lowerCaseName.startsWith(prefix)) ? 'forwarded' : 'plain';
}

function remember(raw: string): HeaderName {
  const name: HeaderName = { canonical: goHeaderName(raw), role: roleOf(raw.toLowerCase()) };
  // The cache is bounded, or a client could fill the memory with names.
  if (cache.size < MAX_CACHED && raw.length <= MAX_CACHED_LENGTH) cache.set(raw, name);
  return name;
}
