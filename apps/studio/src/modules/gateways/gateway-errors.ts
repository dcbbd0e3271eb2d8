import { defineErrors } from '@sluice/kernel';

export const gatewayErrors = defineErrors('gateways', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such gateway.' },
  badJoinToken: { kind: 'unauthenticated', blame: 'caller', message: 'The join token is not the one of this studio.' },
  badRegistration: { kind: 'invalid', blame: 'caller', message: 'The gateway cannot be registered like this.' },
  notRegistered: { kind: 'not_found', blame: 'caller', message: 'No gateway is registered with this id.' },
  badSignature: { kind: 'unauthenticated', blame: 'caller', message: 'The message is not signed with the key of this gateway.' },
  badPayload: { kind: 'invalid', blame: 'caller', message: 'The message cannot be read.' },
  badTime: { kind: 'unauthenticated', blame: 'caller', message: "The gateway's clock is more than 5 minutes off." },
  replayed: { kind: 'unauthenticated', blame: 'caller', message: 'The message is not later than the one before.' },
});
