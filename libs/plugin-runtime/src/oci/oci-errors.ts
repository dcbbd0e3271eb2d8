import { defineErrors } from '@sluice/kernel';

/** What can go wrong between an `oci://` reference and a file that runs. */
export const ociErrors = defineErrors('oci', {
  badReference: { kind: 'invalid', blame: 'caller', message: 'The oci:// reference cannot be used.' },
  registryNotAllowed: { kind: 'forbidden', blame: 'caller', message: 'Plugins may not come from this registry.' },
  registryUnreachable: { kind: 'unavailable', blame: 'upstream', message: 'The registry is out of reach.' },
  registryTimedOut: { kind: 'upstream_timeout', blame: 'upstream', message: 'The registry did not answer in time.' },
  registryFailed: { kind: 'upstream_failed', blame: 'upstream', message: 'The registry gave an answer that cannot be used.' },
  accessDenied: { kind: 'upstream_failed', blame: 'platform', message: 'The registry does not let this host in.' },
  notFound: { kind: 'not_found', blame: 'caller', message: 'The registry does not have this plugin.' },
  digestMismatch: { kind: 'upstream_failed', blame: 'upstream', message: 'What arrived from the registry is not what its digest promises.' },
  truncated: { kind: 'upstream_failed', blame: 'upstream', message: 'The registry sent less than it announced.' },
  tooLarge: { kind: 'too_large', blame: 'plugin', message: 'The plugin artifact is larger than this host takes.' },
  platformMissing: { kind: 'invalid', blame: 'plugin', message: 'The plugin is not published for the platform of this host.' },
  badArtifact: { kind: 'invalid', blame: 'plugin', message: 'The artifact is not a plugin that this host can run.' },
  unsafeArchive: { kind: 'invalid', blame: 'plugin', message: 'The archive of the plugin holds something that is not allowed in it.' },
  unsigned: { kind: 'forbidden', blame: 'plugin', message: 'The plugin is not signed, and this host runs signed plugins only.' },
  badSignature: { kind: 'forbidden', blame: 'plugin', message: 'No signature of the plugin was made by a key that this host trusts.' },
  badSigningKey: { kind: 'internal', blame: 'platform', message: 'A key for the signatures of plugins cannot be used.' },
  badCredentials: { kind: 'internal', blame: 'platform', message: 'The credentials for plugin registries cannot be used.' },
  cacheFailed: { kind: 'internal', blame: 'platform', message: 'The cache of plugin programs cannot be used.' },
});
