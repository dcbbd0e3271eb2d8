import type { IncomingMessage } from 'node:http';
import { goHeaderName } from './go-header-name';
import { headerName, roleOf } from './header-name';
import { namedByConnection } from './hop-by-hop';
import { requestIdOf, traceIdOf } from './request-identity';

const NOT_ASCII = /[\u0080-\u00ff]/;
/** The roles of headers that a `Connection` header may have removed. */
const REMOVABLE = new Set(['plain', 'cookie', 'hopByHop']);

/** What the header lines of a request say, read in one pass. */
export class RequestHead {
  /** For the plugin: names in Go's form, values joined, without `Host`, framing, and what concerns this connection alone. */
  readonly headers: Record<string, string> = Object.create(null) as Record<string, string>;
  readonly requestId: string;
  /** The caller's trace, or the request's id where there is none: what to look for in logs. */
  readonly traceId: string;
  /** A valid `traceparent`, else `''`. */
  readonly traceparent: string;
  /** The address of the client, behind the proxies that are trusted; `''` where it is gone. */
  clientAddress = '';
  host = '';
  hostCount = 0;
  contentLength = 0;
  /** The values of all lines, joined; undefined where there is none. */
  transferEncoding: string | undefined;
  expectsContinue = false;
  wantsRevision = false;
  /** `Connection` names a header that would make another request of this one if it were taken away. */
  connectionNamesEssential = false;
  /** Characters of names and values. */
  size = 0;
  private connection = '';

  /** With `trustsForwarded`, what proxies say of the request is among the headers; else it is left out. */
  constructor(
    req: IncomingMessage,
    private readonly trustsForwarded = false,
  ) {
    const raw = req.rawHeaders;
    for (let i = 0; i < raw.length; i += 2) this.take(raw[i]!, raw[i + 1]!);
    if (this.connection !== '') this.removeNamed();
    this.requestId = requestIdOf(this.headers['X-Request-Id']);
    const traceparent = this.headers['Traceparent'];
    const traceId = traceIdOf(traceparent);
    this.traceparent = traceId === undefined ? '' : traceparent!;
    this.traceId = traceId ?? this.requestId;
  }

  get hasBody(): boolean {
    return this.transferEncoding !== undefined || this.contentLength > 0;
  }

  private take(raw: string, value: string): void {
    const { canonical, role } = headerName(raw);
    this.size += raw.length + value.length;
    switch (role) {
      case 'plain':
        return this.add(canonical, value, ', ');
      case 'cookie':
        return this.add(canonical, value, '; ');
      case 'host':
        this.host = value;
        this.hostCount++;
        return;
      case 'connection':
        this.connection = this.connection === '' ? value : `${this.connection},${value}`;
        return;
      case 'transferEncoding':
        this.transferEncoding = this.transferEncoding === undefined ? value : `${this.transferEncoding}, ${value}`;
        return;
      case 'contentLength':
        this.contentLength = Number(value);
        return;
      case 'expect':
        this.expectsContinue = true;
        return;
      case 'configRevision':
        this.wantsRevision = true;
        return this.add(canonical, value, ', ');
      case 'forwarded':
        if (this.trustsForwarded) this.add(canonical, value, ', ');
        return;
      case 'hopByHop':
        return;
    }
  }

  private add(name: string, value: string, separator: string): void {
    const text = NOT_ASCII.test(value) ? fromWire(value) : value;
    const before = this.headers[name];
    this.headers[name] = before === undefined ? text : `${before}${separator}${text}`;
  }

  private removeNamed(): void {
    for (const name of namedByConnection(this.connection)) {
      this.connectionNamesEssential ||= !REMOVABLE.has(roleOf(name));
      delete this.headers[goHeaderName(name)];
    }
  }
}

/** Node reads header bytes as Latin-1; most clients that go beyond ASCII mean UTF-8. */
function fromWire(value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? value : text;
}
