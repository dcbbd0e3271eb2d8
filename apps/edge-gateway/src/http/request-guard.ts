import type { IncomingMessage } from 'node:http';
import type { SluiceError } from '@sluice/kernel';
import { parseRequestTarget, toOriginForm, type RequestTarget } from './canonical-path';
import { isSameHost, isValidHost } from './host';
import { requestErrors } from './request-errors';
import type { RequestHead } from './request-head';

export interface HeadLimits {
  /** Of the target as it stands in the request line. */
  maxUrlBytes: number;
  /** Of names and values together. */
  maxHeaderBytes: number;
  maxHeaders: number;
}

export type Verdict =
  | { kind: 'passed'; target: RequestTarget }
  /** `OPTIONS *`, which asks about the server and not about anything that it serves. */
  | { kind: 'server' }
  | { kind: 'refused'; error: SluiceError };

const SERVER: Verdict = { kind: 'server' };
const SLASH = 0x2f;
const PLUGINS = '/plugins/';
const SLASH_OR_DELIMITER = /[/;?# ]/;
const CHUNKED = /^chunked$/i;
const LAST_IS_CHUNKED = /,[ \t]*chunked$/i;

/**
 * Judges a request before anything else looks at it. What passes means one thing to everybody: it has one host, one path, and one end. What could be
 * understood in two ways is refused, not guessed.
 */
export class RequestGuard {
  constructor(private readonly limits: HeadLimits) {}

  /** Leaves the target in origin form in `req.url`, and the host of the target in `head.host`. */
  judge(req: IncomingMessage, head: RequestHead): Verdict {
    const error = this.judgeHead(req, head);
    return error ? { kind: 'refused', error } : judgeTarget(req, head);
  }

  private judgeHead(req: IncomingMessage, head: RequestHead): SluiceError | undefined {
    const { limits } = this;
    if (req.httpVersionMajor !== 1) return new requestErrors.versionNotSupported();
    if (req.url!.length > limits.maxUrlBytes) return new requestErrors.urlTooLong({}, { detail: `The target of the request is longer than ${limits.maxUrlBytes} bytes.` });
    if (req.rawHeaders.length > 2 * limits.maxHeaders) return new requestErrors.headTooLarge({}, { detail: `The request has more than ${limits.maxHeaders} header lines.` });
    if (head.size > limits.maxHeaderBytes) return new requestErrors.headTooLarge({}, { detail: `The headers of the request are larger than ${limits.maxHeaderBytes} bytes.` });
    if (head.transferEncoding !== undefined) {
      const framing = judgeFraming(req, head.transferEncoding);
      if (framing) return framing;
    }
    return head.connectionNamesEssential ? new requestErrors.badConnection() : undefined;
  }
}

/** Node's parser has refused what it cannot find the end of; it lets other codings before `chunked` pass, and HTTP/1.0, which has none. */
function judgeFraming(req: IncomingMessage, transferEncoding: string): SluiceError | undefined {
  if (req.httpVersionMinor === 0) return new requestErrors.badFraming();
  if (CHUNKED.test(transferEncoding)) return undefined;
  return LAST_IS_CHUNKED.test(transferEncoding) ? new requestErrors.codingNotSupported() : new requestErrors.badFraming();
}

function judgeTarget(req: IncomingMessage, head: RequestHead): Verdict {
  const url = req.url!;
  let host = head.hostCount === 1 ? head.host : undefined;
  // HTTP/1.0 may leave it out.
  if (head.hostCount > 1 || (head.hostCount === 0 && req.httpVersionMinor !== 0)) return refused(new requestErrors.badHost());
  if (url.charCodeAt(0) !== SLASH) {
    if (url === '*' && req.method === 'OPTIONS' && (host === undefined || isValidHost(host))) return SERVER;
    const origin = toOriginForm(url);
    if (origin.authority === undefined) return refused(new requestErrors.badTarget());
    // RFC 9112 has the target win. Whoever stands before the gateway may have gone by Host, so the two have to agree.
    if (host !== undefined && !isSameHost(origin.authority, host, origin.scheme)) return refused(new requestErrors.badHost());
    req.url = origin.url;
    head.host = host = origin.authority;
  }
  if (host !== undefined && !isValidHost(host)) return refused(new requestErrors.badHost());
  const target = parseRequestTarget(req.url!);
  return !target || hasDelimiterInSlug(target.path) ? refused(new requestErrors.badTarget()) : { kind: 'passed', target };
}

/**
 * Some readers take what follows a semicolon for a parameter of the segment, or what was an encoded question mark or hash for the end of the path, or trim spaces: to them, it is
 * another slug.
 */
function hasDelimiterInSlug(path: string): boolean {
  if (!path.startsWith(PLUGINS)) return false;
  const delimiter = path.slice(PLUGINS.length).search(SLASH_OR_DELIMITER);
  return delimiter >= 0 && path[PLUGINS.length + delimiter] !== '/';
}

function refused(error: SluiceError): Verdict {
  return { kind: 'refused', error };
}
