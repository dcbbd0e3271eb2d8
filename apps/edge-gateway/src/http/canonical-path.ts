/** A request target in its one canonical form. */
export interface RequestTarget {
  /** Decoded, begins with `/`. */
  path: string;
  /** Raw, without `?`. */
  query: string;
}

/** A target without the scheme and authority that it may have in front of its path. */
export interface OriginForm {
  url: string;
  /** Undefined where the target is in origin form. */
  authority: string | undefined;
  /** In lower case; `''` where the target is in origin form. */
  scheme: string;
}

const ABSOLUTE_FORM = /^(https?):\/\/([^/?#]*)/i;
// RFC 3986 pchar without percent sign, and the slash: such a path is its own decoded form.
const PLAIN_PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;
const NOT_PRINTABLE_ASCII = /[^\x21-\x7e]/;
// Everything but control characters (C0, DEL, C1) and the backslash is allowed.
const CONTROL_OR_BACKSLASH = /[^\x20-\x5b\x5d-\x7e\xa0-\u{10ffff}]/u;
const ENCODED_SLASH = /%2f/i;
// What is decoded and still looks encoded would be another path to whoever decodes it once more.
const ENCODED_TWICE = /%[0-9a-f]{2}/i;
// Before what some readers take away first as well: parameters, what was an encoded question mark or hash, spaces.
const DOT_SEGMENT = /\/\.\.?(?:[/;?# ]|$)/;

/**
 * Reads the target of a request line. Anything that two readers could understand differently is refused with null:
 * bad or double percent-encoding, encoded slashes, backslashes, control characters, dot segments, unencoded text that is not ASCII.
 */
export function parseRequestTarget(url: string): RequestTarget | null {
  if (!url.startsWith('/')) return null;
  if (NOT_PRINTABLE_ASCII.test(url) || url.includes('#')) return null;
  const mark = url.indexOf('?');
  const path = decodePath(mark < 0 ? url : url.slice(0, mark));
  return path === null ? null : { path, query: mark < 0 ? '' : url.slice(mark + 1) };
}

/**
 * The absolute form that clients use towards proxies (RFC 9112, 3.2.2) without its authority, which stands apart; everything else
 * as it is.
 */
export function toOriginForm(url: string): OriginForm {
  const absolute = url.startsWith('/') ? null : ABSOLUTE_FORM.exec(url);
  if (!absolute) return { url, authority: undefined, scheme: '' };
  const rest = url.slice(absolute[0].length);
  return { url: rest.startsWith('/') ? rest : `/${rest}`, authority: absolute[2], scheme: absolute[1]!.toLowerCase() };
}

function decodePath(raw: string): string | null {
  const path = PLAIN_PATH.test(raw) ? raw : decode(raw);
  return path === null || (path.includes('/.') && DOT_SEGMENT.test(path)) ? null : path;
}

function decode(raw: string): string | null {
  if (ENCODED_SLASH.test(raw)) return null;
  try {
    const path = decodeURIComponent(raw);
    return CONTROL_OR_BACKSLASH.test(path) || ENCODED_TWICE.test(path) ? null : path;
  } catch {
    return null;
  }
}
