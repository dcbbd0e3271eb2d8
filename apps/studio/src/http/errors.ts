import { defineErrors } from '@sluice/kernel';

/** What can be wrong with a request before anyone asks what it is about. */
export const httpErrors = defineErrors('http', {
  invalidRequest: { kind: 'invalid', blame: 'caller', message: 'The request is not valid.' },
  malformedBody: { kind: 'invalid', blame: 'caller', message: 'The body is not valid JSON.' },
  unsupportedMediaType: { kind: 'unsupported_media_type', blame: 'caller', message: 'Send the body as application/json.' },
  bodyTooLarge: { kind: 'too_large', blame: 'caller', message: 'The body is too large.' },
  unauthenticated: { kind: 'unauthenticated', blame: 'caller', message: 'Log in, or send an API key as a bearer token.' },
  forbidden: { kind: 'forbidden', blame: 'caller', message: 'You are not allowed to do this.' },
  noPolicy: { kind: 'forbidden', blame: 'platform', message: 'This route is closed.' },
  crossSite: { kind: 'forbidden', blame: 'caller', message: 'A write with a session cookie must come from the studio itself and carry the header X-Sluice-Csrf: 1.' },
  routeNotFound: { kind: 'not_found', blame: 'caller', message: 'There is nothing at this address.' },
  conflict: { kind: 'conflict', blame: 'caller', message: 'This is in conflict with something that exists.' },
  preconditionFailed: { kind: 'precondition_failed', blame: 'caller', message: 'Someone changed it in the meantime. Read it again and repeat your change.' },
  busy: { kind: 'unavailable', blame: 'platform', message: 'Too many changes at once. Try again.' },
  databaseUnreachable: { kind: 'unavailable', blame: 'platform', message: 'The database is not reachable. Try again later.' },
  internal: { kind: 'internal', blame: 'platform', message: 'Something went wrong on our side.' },
});
