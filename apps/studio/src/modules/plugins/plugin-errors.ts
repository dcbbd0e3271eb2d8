import { defineErrors } from '@sluice/kernel';

export const pluginServiceErrors = defineErrors('plugins', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'There is no such plugin.' },
  invalid: { kind: 'invalid', blame: 'caller', message: 'The plugin cannot be registered like this.' },
  unreadable: { kind: 'invalid', blame: 'plugin', message: 'The plugin could not be asked for its manifest.' },
  slugTaken: { kind: 'conflict', blame: 'caller', message: 'Another active plugin has this slug.' },
  requirementMissing: { kind: 'conflict', blame: 'caller', message: 'The plugin requires another one that is not active in a version that fits.' },
  stillRequired: { kind: 'conflict', blame: 'caller', message: 'Another active plugin requires this one.' },
  scopesNotDeclared: { kind: 'invalid', blame: 'caller', message: 'Only scopes that the manifest declares can be approved.' },
  noManifest: { kind: 'invalid', blame: 'caller', message: 'The plugin has no manifest and so declares no scopes.' },
  noConfigSchema: { kind: 'not_found', blame: 'caller', message: 'The plugin has no config schema.' },
  assetNotFound: { kind: 'not_found', blame: 'caller', message: 'The plugin has no such asset.' },
  badMethod: { kind: 'invalid', blame: 'caller', message: 'An RPC method consists of letters, digits, dots, hyphens and underscores.' },
});
