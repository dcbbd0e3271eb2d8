import { defineErrors } from '@sluice/kernel';

export const serviceApiErrors = defineErrors('serviceApi', {
  keyNotFound: { kind: 'not_found', blame: 'plugin', message: 'key not found' },
  badKey: { kind: 'invalid', blame: 'plugin', message: 'A key has 1 to 1024 bytes and no NUL.' },
  valueTooLarge: { kind: 'too_large', blame: 'plugin', message: 'A value may have at most 5 MB.' },
  quotaExceeded: { kind: 'too_large', blame: 'plugin', message: 'The plugin has used up its space for keys and values.' },
  badConfig: { kind: 'invalid', blame: 'plugin', message: 'The config must be a JSON object.' },
  notYourPlugin: { kind: 'forbidden', blame: 'plugin', message: 'To change the config of another plugin, this one needs the scope plugins.write.' },
  appNotFound: { kind: 'not_found', blame: 'plugin', message: 'There is no such app.' },
});
