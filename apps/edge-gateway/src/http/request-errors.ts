import { defineErrors, HTTP_STATUS, type SluiceError } from '@sluice/kernel';

/** Errors of requests before it is known what they ask for, and of the gateway itself. */
export const requestErrors = defineErrors('request', {
  badTarget: {
    kind: 'invalid',
    blame: 'caller',
    message: 'The path of the request is not in its canonical form: percent-encode it once, without dot segments, encoded slashes, backslashes or control characters.',
  },
  badHost: { kind: 'invalid', blame: 'caller', message: 'The request needs exactly one valid Host header, and a target that names no other host.' },
  badConnection: { kind: 'invalid', blame: 'caller', message: 'The Connection header names a header that must not be taken away.' },
  badForwarding: { kind: 'invalid', blame: 'caller', message: 'Forwarded and X-Forwarded-For name different clients.' },
  badFraming: { kind: 'invalid', blame: 'caller', message: 'The request does not say clearly where its body ends.' },
  malformed: { kind: 'invalid', blame: 'caller', message: 'The request is not well-formed HTTP.' },
  codingNotSupported: { kind: 'unimplemented', blame: 'caller', message: 'The only transfer coding that is understood is chunked.' },
  methodNotSupported: { kind: 'unimplemented', blame: 'caller', message: 'The gateway is no proxy: it makes no tunnels.' },
  versionNotSupported: { kind: 'unimplemented', blame: 'caller', message: 'The gateway speaks HTTP/1.1 and HTTP/1.0.' },
  expectationNotSupported: { kind: 'invalid', blame: 'caller', message: 'The only expectation that is understood is 100-continue.' },
  urlTooLong: { kind: 'too_large', blame: 'caller', message: 'The target of the request is too long.' },
  headTooLarge: { kind: 'too_large', blame: 'caller', message: 'The head of the request is too large.' },
  bodyNotTaken: { kind: 'too_large', blame: 'caller', message: 'Nothing takes a body at this path.' },
  chunkTooLarge: { kind: 'too_large', blame: 'caller', message: 'The chunks of the body carry too much besides their data.' },
  tooSlow: { kind: 'invalid', blame: 'caller', message: 'The request took too long to arrive.' },
  tooManyAtOnce: { kind: 'rate_limited', blame: 'caller', message: 'Too many requests wait for their answers on one connection.' },
  notFound: { kind: 'not_found', blame: 'caller', message: 'Nothing is served at this path.' },
  badRevision: { kind: 'invalid', blame: 'caller', message: 'min_revision is a revision of the configuration, a whole number.' },
  refused: { kind: 'invalid', blame: 'caller', message: 'The request cannot be served as it is.' },
  starting: { kind: 'unavailable', blame: 'platform', message: 'The gateway is starting.' },
  failed: { kind: 'internal', blame: 'platform', message: 'The gateway failed to handle the request.' },
});

/** What HTTP has a status of its own for, although its kind is a wider one. */
const STATUS: Readonly<Record<string, number>> = {
  'request.tooSlow': 408,
  'request.urlTooLong': 414,
  'request.expectationNotSupported': 417,
  'request.headTooLarge': 431,
  'request.versionNotSupported': 505,
};

/** The status of an answer with this error. */
export function statusOf(error: SluiceError): number {
  return STATUS[error.code] ?? HTTP_STATUS[error.kind];
}
