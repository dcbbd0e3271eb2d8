import { defineErrors } from '@sluice/kernel';

/** What a call of the gateway's Service API can end in, besides a missing scope. */
export const gatewayErrors = defineErrors('gateway', {
  appNotFound: { kind: 'not_found', blame: 'plugin', message: 'There is no app with this id.' },
  keyNotFound: { kind: 'not_found', blame: 'plugin', message: 'key not found' },
  badKey: { kind: 'invalid', blame: 'plugin', message: 'A key has 1 to 1024 bytes.' },
  valueTooLarge: { kind: 'too_large', blame: 'plugin', message: 'A value has at most 5 MB.' },
  quotaExceeded: { kind: 'too_large', blame: 'plugin', message: 'The plugin has used up its space for keys and values.' },
  notStored: { kind: 'unavailable', blame: 'platform', message: 'The gateway cannot write to its disk now, and has kept nothing of this. Try again later.' },
  payloadRefused: { kind: 'invalid', blame: 'plugin', message: 'The payload cannot be queued.' },
});
