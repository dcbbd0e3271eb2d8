import { namedByConnection } from '../http/hop-by-hop';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Text and tabs: no control characters, no line breaks.
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\u{10ffff}]/u;
const NOT_ASCII = /[^\t\x20-\x7e]/;
const EVENT_STREAM = /^text\/event-stream[ \t]*(?:;|$)/i;
const CHUNKED = /^[ \t]*chunked[ \t]*$/i;

/** What is not passed on as it is. What is not here goes to the client. */
const FATES: ReadonlyMap<string, 'leftOut' | 'forbidden' | 'own'> = new Map([
  // About the connection to the plugin's own upstream, which a plugin may have copied without harm.
  ['keep-alive', 'leftOut'],
  ['proxy-connection', 'leftOut'],
  ['te', 'leftOut'],
  // Told by the gateway itself.
  ['x-request-id', 'own'],
  ['x-config-revision', 'own'],
  // Would have the client understand what follows in another way than the gateway wrote it, or speak another protocol.
  ['upgrade', 'forbidden'],
  ['trailer', 'forbidden'],
  ['http2-settings', 'forbidden'],
  ['proxy-authenticate', 'forbidden'],
  ['proxy-authorization', 'forbidden'],
  ['proxy-authentication-info', 'forbidden'],
  ['host', 'forbidden'],
]);

export type ResponseHeaders =
  /** Names and values in turn, as `writeHead` takes them. */
  | { ok: true; headers: string[]; contentLength: string | undefined; isEventStream: boolean }
  | { ok: false; reason: string };

/**
 * The headers of a plugin's answer as they go to the client. Headers about one connection are left out, and `Content-Length`
 * stands apart because the gateway sets its own. Several cookies come as one value with newlines between them. Everything that
 * could not be sent, would be read as a header of its own, or would change what the answer is, makes the whole answer invalid.
 */
export function toResponseHeaders(answer: Readonly<Record<string, string>>): ResponseHeaders {
  const headers: string[] = [];
  let contentLength: string | undefined;
  let connection: string | undefined;
  let isEventStream = false;
  for (const name in answer) {
    if (!TOKEN.test(name)) return { ok: false, reason: `The name ${JSON.stringify(name)} is not a header name.` };
    const value = answer[name]!;
    const lowerCaseName = name.toLowerCase();
    if (lowerCaseName === 'set-cookie') {
      for (const cookie of value.split('\n')) {
        if (NOT_A_VALUE.test(cookie)) return { ok: false, reason: badValue(name) };
        if (cookie !== '') headers.push(name, toWire(cookie));
      }
      continue;
    }
    const isAscii = !NOT_ASCII.test(value);
    if (!isAscii && NOT_A_VALUE.test(value)) return { ok: false, reason: badValue(name) };
    switch (lowerCaseName) {
      case 'content-length':
        contentLength = value.trim();
        continue;
      case 'connection':
        connection = value;
        continue;
      case 'transfer-encoding':
        // The body comes in whole pieces; a coding that is not undone would be taken for its content.
        if (!CHUNKED.test(value)) return { ok: false, reason: `The answer has a transfer coding: ${JSON.stringify(value)}.` };
        continue;
      case 'content-type':
        isEventStream = EVENT_STREAM.test(value);
    }
    const fate = FATES.get(lowerCaseName);
    if (fate === 'forbidden') return { ok: false, reason: `A plugin may not set the header ${name}.` };
    if (fate === undefined) headers.push(name, isAscii ? value : toWire(value));
  }
  return { ok: true, headers: connection === undefined ? headers : without(headers, namedByConnection(connection)), contentLength, isEventStream };
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
