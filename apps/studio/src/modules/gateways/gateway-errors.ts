import { defineErrors } from '@sluice/kernel';

export const gatewayErrors = defineErrors('gateways', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such gateway.' },
  tokenNotFound: { kind: 'not_found', blame: 'caller', message: 'There is no such enrolment token.' },
  tokenMissing: { kind: 'unauthenticated', blame: 'caller', message: 'The studio does not know this gateway, and it sent no enrolment token.' },
  tokenUnknown: { kind: 'unauthenticated', blame: 'caller', message: 'The enrolment token is not one of this studio.' },
  tokenExpired: { kind: 'forbidden', blame: 'caller', message: 'The enrolment token has expired.' },
  tokenRevoked: { kind: 'forbidden', blame: 'caller', message: 'The enrolment token was revoked.' },
  tokenUsedUp: { kind: 'forbidden', blame: 'caller', message: 'The enrolment token has admitted as many gateways as it may.' },
  tokenOfOtherNamespace: { kind: 'forbidden', blame: 'caller', message: 'The enrolment token is for another namespace.' },
  badRegistration: { kind: 'invalid', blame: 'caller', message: 'The gateway cannot be registered like this.' },
  namespaceChanged: { kind: 'forbidden', blame: 'caller', message: 'The gateway belongs to another namespace. To move it, remove it and enrol it with an empty state folder.' },
  removed: { kind: 'forbidden', blame: 'caller', message: 'This gateway was removed. To come back it needs an empty state folder and an enrolment token.' },
  otherNamespace: { kind: 'forbidden', blame: 'caller', message: 'A gateway reads the snapshots of its own namespace only.' },
  notRegistered: { kind: 'not_found', blame: 'caller', message: 'No gateway is registered with this id.' },
  unknownKey: { kind: 'unauthenticated', blame: 'caller', message: 'No gateway is registered with this key.' },
  badSignature: { kind: 'unauthenticated', blame: 'caller', message: 'The message is not signed with the key of this gateway.' },
  badPayload: { kind: 'invalid', blame: 'caller', message: 'The message cannot be read.' },
  badTime: { kind: 'unauthenticated', blame: 'caller', message: 'What the gateway signed is dated more than 5 minutes off. It learns the time from this answer.' },
  replayed: { kind: 'unauthenticated', blame: 'caller', message: 'The message is not later than the one before.' },
});
