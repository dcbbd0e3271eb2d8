import { defineErrors } from '@sluice/kernel';

export const authErrors = defineErrors('auth', {
  badCredentials: { kind: 'unauthenticated', blame: 'caller', message: 'Email address or password is wrong.' },
  tooManyAttempts: { kind: 'rate_limited', blame: 'caller', message: 'Too many failed logins. Try again later.' },
  keyNotFound: { kind: 'not_found', blame: 'caller', message: 'There is no such API key.' },
  scopeNotHeld: { kind: 'forbidden', blame: 'caller', message: 'A key cannot do more than whoever makes it.' },
});
