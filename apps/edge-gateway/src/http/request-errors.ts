import { defineErrors } from '@sluice/kernel';

/** Errors of requests before it is known what they ask for, and of the gateway itself. */
export const requestErrors = defineErrors('request', {
  badTarget: {
    kind: 'invalid',
    blame: 'caller',
    message: 'The path of the request is not in its canonical form: percent-encode it once, without dot segments, encoded slashes, backslashes or control characters.',
  },
  badHost: { kind: 'invalid', blame: 'caller', message: 'The request needs exactly one valid Host header, and a target that names no other host.' },
  malformed: { kind: 'invalid', blame: 'caller', message: 'The request is not well-formed HTTP.' },
  headTooLarge: { kind: 'too_large', blame: 'caller', message: 'The head of the request is too large.' },
  tooSlow: { kind: 'invalid', blame: 'caller', message: 'The request took too long to arrive.' },
  notFound: { kind: 'not_found', blame: 'caller', message: 'Nothing is served at this path.' },
  refused: { kind: 'invalid', blame: 'caller', message: 'The request cannot be served as it is.' },
  starting: { kind: 'unavailable', blame: 'platform', message: 'The gateway is starting.' },
  failed: { kind: 'internal', blame: 'platform', message: 'The gateway failed to handle the request.' },
});
