import type { IncomingMessage } from 'node:http';
import { goHeaderName } from './go-header-name';
import { isHopByHop, namedByConnection } from './hop-by-hop';
import { requestIdOf, traceIdOf } from './request-identity';

const NOT_ASCII = /[\u0080-\u00ff]/;
const HOST = /^[A-Za-z0-9\-._~!$&'()*+,;=%:[\]]*$/;

/** What the header lines of a request say, read in one pass. */
export class RequestHead {
  /** For the plugin: names in Go's form, values joined, without `Host` and what concerns this connection alone. */
  readonly headers: Record<string, string> = Object.create(null) as Record<string, string>;
  readonly requestId: string;
  /** The caller's trace, or the request's id where there is none: what to look for in logs. */
  readonly traceId: string;
  /** A valid `traceparent`, else `''`. */
  readonly traceparent: string;
  host = '';
  hostCount = 0;
  contentLength = 0;
  chunked = false;
  expectsContinue = false;
  wantsRevision = false;

  constructor(req: IncomingMessage) {
    const raw = req.rawHeaders;
    let connection = '';
    for (let i = 0; i < raw.length; i += 2) {
      const name = goHeaderName(raw[i]!);
      const value = raw[i + 1]!;
      if (name === 'Connection') connection = connection === '' ? value : `${connection},${value}`;
      else this.take(name, value);
    }
    if (connection !== '') for (const name of namedByConnection(connection)) delete this.headers[goHeaderName(name)];
    this.requestId = requestIdOf(this.headers['X-Request-Id']);
    const traceparent = this.headers['Traceparent'];
    const traceId = traceIdOf(traceparent);
    this.traceparent = traceId === undefined ? '' : traceparent!;
    this.traceId = traceId ?? this.requestId;
  }

  get hasBody(): boolean {
    return this.chunked || this.contentLength > 0;
  }

  /**
   * One `Host`, as RFC 9112 demands; HTTP/1.0 may leave it out. A target in absolute form has to name the same host: whoever stands
   * before the gateway may have gone by the other one.
   */
  hostIsValid(req: IncomingMessage, authority: string | undefined): boolean {
    if (authority !== undefined && authority.toLowerCase() !== this.host.toLowerCase()) return false;
    return (this.hostCount === 1 || (this.hostCount === 0 && req.httpVersion === '1.0')) && HOST.test(this.host);
  }

  private take(name: string, value: string): void {
    switch (name) {
      case 'Host':
        this.host = value;
        this.hostCount++;
        return;
      case 'Transfer-Encoding':
        this.chunked = true;
        return;
      case 'Expect':
        this.expectsContinue = true;
        return;
      case 'Content-Length':
        this.contentLength = Number(value);
        break;
      case 'X-Config-Revision':
        this.wantsRevision = true;
        break;
      default:
        if (isHopByHop(name.toLowerCase())) return;
    }
    const text = NOT_ASCII.test(value) ? fromWire(value) : value;
    const before = this.headers[name];
    this.headers[name] = before === undefined ? text : `${before}${name === 'Cookie' ? '; ' : ', '}${text}`;
  }
}

/** Node reads header bytes as Latin-1; most clients that go beyond ASCII mean UTF-8. */
function fromWire(value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? value : text;
}
