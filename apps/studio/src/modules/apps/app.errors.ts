import { defineErrors } from '@sluice/kernel';

export const appErrors = defineErrors('app', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such app.' },
  unknownOwner: { kind: 'invalid', blame: 'caller', message: 'There is no such user.' },
  tokenNotFound: { kind: 'not_found', blame: 'caller', message: 'There is no such token, or it is revoked already.' },
});
