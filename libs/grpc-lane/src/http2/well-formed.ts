import type { HeaderField } from '../hpack/header-field';

/** A token in lower case (RFC 9113, section 8.2.1); the colon of pseudo-headers is looked at apart. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** White space at either end is forbidden too, and let through: grpc-go sends a `grpc-message` as its handler wrote it. */
const FORBIDDEN_IN_VALUES = ['\0', '\r', '\n'];

/** Of HTTP/1.1 connections (section 8.2.2). */
const OF_CONNECTIONS = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

const REQUEST_PSEUDO_HEADERS = [':method', ':scheme', ':path'];
const OPTIONAL_PSEUDO_HEADERS = [':authority'];
const RESPONSE_PSEUDO_HEADERS = [':status'];

/** Why these are not a request's headers (RFC 9113, section 8.3.1); undefined when they are. */
export function faultOfRequest(fields: readonly HeaderField[]): string | undefined {
  return faultOf(fields, REQUEST_PSEUDO_HEADERS, OPTIONAL_PSEUDO_HEADERS);
}

/** Why these are not an answer's headers (section 8.3.2); undefined when they are. */
export function faultOfResponse(fields: readonly HeaderField[]): string | undefined {
  return faultOf(fields, RESPONSE_PSEUDO_HEADERS, []);
}

/** Why these are not trailers (section 8.1); undefined when they are. */
export function faultOfTrailers(fields: readonly HeaderField[]): string | undefined {
  return faultOf(fields, [], []);
}

function faultOf(fields: readonly HeaderField[], required: readonly string[], optional: readonly string[]): string | undefined {
  const seen = new Set<string>();
  let regular = false;
  for (const { name, value } of fields) {
    if (FORBIDDEN_IN_VALUES.some((character) => value.includes(character))) return `The header ${JSON.stringify(name)} holds a line break or NUL.`;
    if (!name.startsWith(':')) {
      regular = true;
      if (!NAME.test(name)) return `${JSON.stringify(name)} is no name of a header.`;
      if (OF_CONNECTIONS.has(name) || (name === 'te' && value !== 'trailers')) return `The header ${name} may not be in HTTP/2.`;
      continue;
    }
    if (!required.includes(name) && !optional.includes(name)) return `The header ${JSON.stringify(name)} may not be here.`;
    if (regular) return `The header ${name} stands behind others.`;
    if (seen.has(name)) return `The header ${name} is there twice.`;
    seen.add(name);
  }
  const missing = required.find((name) => !seen.has(name));
  return missing && `The header ${missing} is missing.`;
}
