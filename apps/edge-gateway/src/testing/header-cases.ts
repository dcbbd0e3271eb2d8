/** Header lines as a client sends them, and the map that the plugin gets. One character for each byte on the wire. */
export interface RequestHeaderCase {
  name: string;
  lines: readonly string[];
  /** What is sent behind the head; its framing is among `lines`. */
  body?: string;
  expected: Readonly<Record<string, string>>;
}

/** The header map of a plugin's answer, and the lines that the client gets, without those that every answer has. */
export interface ResponseHeaderCase {
  name: string;
  answer: Readonly<Record<string, string>>;
  /** undefined: the answer is refused. */
  lines: readonly string[] | undefined;
}

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

export const requestHeaderCases: readonly RequestHeaderCase[] = [
  { name: 'no headers', lines: [], expected: {} },
  { name: 'a name in lower case', lines: ['x-webhook-signature: s'], expected: { 'X-Webhook-Signature': 's' } },
  { name: 'a name in upper case', lines: ['MCP-SESSION-ID: s'], expected: { 'Mcp-Session-Id': 's' } },
  { name: 'a name with an underscore', lines: ['x_under_score: s'], expected: { X_under_score: 's' } },
  { name: 'a name of signs', lines: ["!#$%&'*+-.^_`|~: s"], expected: { "!#$%&'*+-.^_`|~": 's' } },
  { name: 'an empty value', lines: ['X-A:'], expected: { 'X-A': '' } },
  { name: 'spaces and tabs around a value', lines: ['X-A: \t a b \t '], expected: { 'X-A': 'a b' } },
  { name: 'a tab in a value', lines: ['X-A: a\tb'], expected: { 'X-A': 'a\tb' } },
  { name: 'every printable sign', lines: ['X-A: !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'], expected: { 'X-A': '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' } },
  { name: 'UTF-8', lines: [`X-A: ${utf8('héllo €')}`], expected: { 'X-A': 'héllo €' } },
  { name: 'Latin-1', lines: ['X-A: h\xe9llo'], expected: { 'X-A': 'héllo' } },
  { name: 'a long value', lines: [`X-A: ${'x'.repeat(10_000)}`], expected: { 'X-A': 'x'.repeat(10_000) } },
  { name: 'repeated lines', lines: ['X-A: 1', 'x-a: 2', 'X-A: 3'], expected: { 'X-A': '1, 2, 3' } },
  { name: 'repeated lines with commas', lines: ['Accept: a, b', 'Accept: c'], expected: { Accept: 'a, b, c' } },
  { name: 'a repeated empty line', lines: ['X-A:', 'X-A: 2'], expected: { 'X-A': ', 2' } },
  { name: 'repeated cookies', lines: ['Cookie: a=1; b=2', 'cookie: c=3'], expected: { Cookie: 'a=1; b=2; c=3' } },
  { name: 'a repeated Authorization', lines: ['Authorization: Bearer a', 'Authorization: Bearer b'], expected: { Authorization: 'Bearer a, Bearer b' } },
  { name: 'a name that objects have', lines: ['constructor: y', 'toString: z'], expected: { Constructor: 'y', Tostring: 'z' } },
  { name: 'Connection', lines: ['Connection: keep-alive', 'X-A: 1'], expected: { 'X-A': '1' } },
  { name: 'Keep-Alive', lines: ['Keep-Alive: timeout=5'], expected: {} },
  { name: 'Proxy-Connection', lines: ['Proxy-Connection: keep-alive'], expected: {} },
  { name: 'TE', lines: ['TE: trailers', 'Connection: TE'], expected: {} },
  { name: 'Trailer', lines: ['Trailer: X-A'], expected: {} },
  { name: 'Upgrade', lines: ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x'], expected: { 'Sec-Websocket-Key': 'x' } },
  { name: 'HTTP2-Settings', lines: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'], expected: {} },
  { name: 'Proxy-Authorization', lines: ['Proxy-Authorization: Basic x', 'Proxy-Authenticate: y'], expected: {} },
  { name: 'what Connection names', lines: ['X-Once: 1', 'Connection: keep-alive, X-Once', 'X-Kept: 2'], expected: { 'X-Kept': '2' } },
  { name: 'what Connection names later', lines: ['Connection: X-ONCE ,  x-twice', 'X-Once: 1', 'X-Twice: 2', 'X-Kept: 3'], expected: { 'X-Kept': '3' } },
  { name: 'what several Connection lines name', lines: ['Connection: X-Once', 'Connection: X-Twice', 'X-Once: 1', 'X-Twice: 2'], expected: {} },
  { name: 'Content-Length', lines: ['Content-Length: 3', 'Content-Type: text/plain'], body: 'abc', expected: { 'Content-Type': 'text/plain' } },
  { name: 'Transfer-Encoding', lines: ['Transfer-Encoding: chunked'], body: '3\r\nabc\r\n0\r\n\r\n', expected: {} },
  { name: 'trailers', lines: ['Transfer-Encoding: chunked', 'X-A: 1'], body: '3\r\nabc\r\n0\r\nX-A: 2\r\nAuthorization: x\r\n\r\n', expected: { 'X-A': '1' } },
  { name: 'Expect', lines: ['Expect: 100-continue', 'Content-Length: 3'], body: 'abc', expected: {} },
  { name: 'X-Forwarded-For', lines: ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: other'], expected: {} },
  { name: 'Forwarded', lines: ['Forwarded: for=1.2.3.4;host=other'], expected: {} },
  { name: 'addresses of other makes', lines: ['X-Real-IP: 1.2.3.4', 'True-Client-IP: 1.2.3.4', 'CF-Connecting-IP: 1.2.3.4', 'X-Client-IP: 1.2.3.4'], expected: {} },
  { name: 'another path', lines: ['X-Original-URL: /private', 'X-Rewrite-URL: /private'], expected: {} },
];

export const responseHeaderCases: readonly ResponseHeaderCase[] = [
  { name: 'no headers', answer: {}, lines: [] },
  { name: 'the case of a name', answer: { 'x-LOWER-Upper': 'a' }, lines: ['x-LOWER-Upper: a'] },
  { name: 'an empty value', answer: { 'X-A': '' }, lines: ['X-A: '] },
  { name: 'a tab in a value', answer: { 'X-A': 'a\tb' }, lines: ['X-A: a\tb'] },
  { name: 'text beyond ASCII', answer: { 'X-A': 'héllo €' }, lines: [`X-A: ${utf8('héllo €')}`] },
  { name: 'commas', answer: { Vary: 'Accept, Origin' }, lines: ['Vary: Accept, Origin'] },
  { name: 'one cookie', answer: { 'Set-Cookie': 'a=1; Path=/' }, lines: ['Set-Cookie: a=1; Path=/'] },
  { name: 'several cookies', answer: { 'Set-Cookie': 'a=1; Path=/\nb=2\nc=3' }, lines: ['Set-Cookie: a=1; Path=/', 'Set-Cookie: b=2', 'Set-Cookie: c=3'] },
  { name: 'a date of its own', answer: { Date: 'Thu, 01 Jan 1970 00:00:00 GMT' }, lines: ['Date: Thu, 01 Jan 1970 00:00:00 GMT'] },
  { name: 'Connection', answer: { Connection: 'keep-alive', 'X-A': '1' }, lines: ['X-A: 1'] },
  { name: 'Connection: close', answer: { Connection: 'close' }, lines: [] },
  { name: 'what Connection names', answer: { Connection: 'X-Once', 'X-Once': '1', 'X-Kept': '2' }, lines: ['X-Kept: 2'] },
  { name: 'Keep-Alive', answer: { 'Keep-Alive': 'timeout=5' }, lines: [] },
  { name: 'Transfer-Encoding: chunked', answer: { 'Transfer-Encoding': 'chunked' }, lines: [] },
  { name: 'a Content-Length that is right', answer: { 'Content-Length': '4' }, lines: [] },
  { name: 'a Content-Length that is wrong', answer: { 'Content-Length': '400' }, lines: [] },
  { name: 'a Content-Length that is none', answer: { 'content-length': '4, 5' }, lines: [] },
  { name: 'an id of the request', answer: { 'X-Request-Id': 'of the plugin' }, lines: [] },
  { name: 'a revision', answer: { 'X-Config-Revision': '999' }, lines: [] },
  { name: 'Content-Encoding', answer: { 'Content-Encoding': 'gzip' }, lines: ['Content-Encoding: gzip'] },
  { name: 'a name with a space', answer: { 'X A': '1' }, lines: undefined },
  { name: 'a name with a colon', answer: { 'X:A': '1' }, lines: undefined },
  { name: 'an empty name', answer: { '': '1' }, lines: undefined },
  { name: 'a name with a line break', answer: { 'X-A\r\nX-B': '1' }, lines: undefined },
  { name: 'a name beyond ASCII', answer: { 'X-é': '1' }, lines: undefined },
  { name: 'a value with a line break', answer: { 'X-A': '1\r\nX-B: 2' }, lines: undefined },
  { name: 'a value with a line feed', answer: { 'X-A': '1\nX-B: 2' }, lines: undefined },
  { name: 'a value with a carriage return', answer: { 'X-A': '1\rX-B: 2' }, lines: undefined },
  { name: 'a value with NUL', answer: { 'X-A': '1\0' }, lines: undefined },
  { name: 'a value with DEL', answer: { 'X-A': '1\x7f' }, lines: undefined },
  { name: 'a cookie with a carriage return', answer: { 'Set-Cookie': 'a=1\rb' }, lines: undefined },
  { name: 'a transfer coding', answer: { 'Transfer-Encoding': 'gzip, chunked' }, lines: undefined },
  { name: 'Upgrade', answer: { Upgrade: 'websocket' }, lines: undefined },
  { name: 'Trailer', answer: { Trailer: 'X-A' }, lines: undefined },
  { name: 'Proxy-Authenticate', answer: { 'Proxy-Authenticate': 'Basic' }, lines: undefined },
  { name: 'Host', answer: { Host: 'other' }, lines: undefined },
];
