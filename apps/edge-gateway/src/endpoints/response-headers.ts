import { isHopByHop, namedByConnection } from '../http/hop-by-hop';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Text and tabs: no control characters, no line breaks.
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\u{10ffff}]/u;
const NOT_ASCII = /[^\t\x20-\x7e]/;

export type ResponseHeaders =
  /** Names and values in turn, as `writeHead` takes them. */
  | { ok: true; headers: string[]; contentLength: string | undefined }
  | { ok: false; reason: string };

/**
 * The headers of a plugin's answer as they go to the client. Headers about one connection are left out, and `Content-Length`
 * stands apart because the gateway sets its own. Several cookies come as one value with newlines between them. Everything that
 * could not be sent, or would be read as a header of its own, makes the whole answer invalid.
 */
export function toResponseHeaders(answer: Readonly<Record<string, string>>): ResponseHeaders {
  const headers: string[] = [];
  let contentLength: string | undefined;
  let connection: string | undefined;
  for (const name in answer) {
    if (!TOKEN.test(name)) return { ok: false, reason: `The name ${JSON.stringify(name)} is not a header name.` };
    const value = answer[name]!;
    const lowerCaseName = name.toLowerCase();
    if (lowerCaseName === 'set-cookie') {
      for (const cookie of value.split('\n')) {
        if (NOT_A_VALUE.test(cookie)) return { ok: false, reason: badValue(name) };
        if (cookie !== '') headers.push(name, toWire(cookie));
      }
    } else if (NOT_A_VALUE.test(value)) return { ok: false, reason: badValue(name) };
    else if (lowerCaseName === 'content-length') contentLength = value.trim();
    else if (lowerCaseName === 'connection') connection = value;
    else if (!isHopByHop(lowerCaseName)) headers.push(name, toWire(value));
  }
  return { ok: true, headers: connection === undefined ? headers : without(headers, namedByConnection(connection)), contentLength };
}

/** Node writes one byte for each character; this makes those bytes the UTF-8 of the text. */
function toWire(value: string): string {
  return NOT_ASCII.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
}

function without(headers: string[], names: readonly string[]): string[] {
  if (names.length === 0) return headers;
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) if (!names.includes(headers[i]!.toLowerCase())) kept.push(headers[i]!, headers[i + 1]!);
  return kept;
}

function badValue(name: string): string {
  return `The value of the header ${name} has control characters or line breaks.`;
}
