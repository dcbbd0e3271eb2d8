import type { FailureMode } from './failure-mode';

/** Registries. */
export const registryModes: readonly FailureMode[] = [
  {
    id: 'registry-not-allowed',
    sentences: [
      'Plugins may not come from …/…; …. An operator can add it to PLUGIN_REGISTRIES.',
      '… is not a registry; write a host like registry.example.com:5000, with a path like /plugins where only that is allowed.',
    ],
  },
  {
    id: 'registry-out-of-reach',
    sentences: [
      'The registry … is out of reach (…).',
      'The registry … did not … in time.',
      'The connection to the registry … broke off in the middle of an answer.',
      'The registry … is not asked any more, for this process is ending.',
      '… It could not be fetched again: …',
    ],
  },
  {
    id: 'registry-refuses',
    sentences: [
      'The token server … of the registry … gave no token (status …).',
      'The registry … names a token server that cannot be used; its address has to begin with https://.',
      'The file of PLUGIN_REGISTRY_AUTH_FILE, …, cannot be read.',
      'The registry … ….',
    ],
  },
  {
    id: 'not-in-registry',
    sentences: [
      'The registry … does not have ….',
      'The registry … does not have …@… any more.…',
      'The registry … has the manifest of the plugin, but not its part ….',
    ],
  },
  {
    id: 'registry-misbehaves',
    sentences: [
      'The registry … redirects to … without encryption; that is refused.',
      'The registry … redirects to …, which asks for a login; credentials go to the registry only.',
      'The registry … redirects more than … times.',
      'The registry … redirects to something that is not an address.',
      'The registry … sends more than the … bytes that a manifest may have here.',
      'The registry … sends more than the … bytes that … has.',
      'The registry … sent … of the … bytes of ….',
      'The registry … sent a … that is not …: its bytes have ….',
    ],
  },
  {
    id: 'signature',
    sentences: [
      'There is no signature of … in the registry, and this host runs signed plugins only. Sign it, for example with cosign sign --key.',
      'None of the … of … was made by a key that this host trusts (…).',
      'A trusted key signed something else than …: the signature belongs to another version of the plugin.',
      'A trusted key signed … as …, and not as …: it may not be started under the name of another plugin.',
      'The key file … of PLUGIN_SIGNING_KEYS cannot be read.',
      'The key file … of PLUGIN_SIGNING_KEYS ….',
    ],
  },
  {
    id: 'wrong-platform',
    sentences: [
      'The plugin is published for …; this host is ….',
      'The plugin is built for …; this host is ….',
    ],
  },
  {
    id: 'artifact-unusable',
    sentences: [
      'The index of the plugin leads to another index.',
      'The artifact names … as its program, and there is no such file in it.',
      'Two layers of the plugin have the file …; build the plugin in one layer.',
      'A layer of the plugin is not the gzip that its media type promises (…).',
      'A layer of the plugin is not a whole tar archive (…).',
      'A layer of the plugin is compressed in a way that its media type does not say.',
      'The archive has … in it, …; only files and folders are taken.',
      'The plugin has … bytes; this host takes ….',
      'The plugin has a config or signature of … bytes; it may have ….',
      'The plugin unpacks to …, which is the most that this host takes.',
    ],
  },
  {
    id: 'cache-unusable',
    sentences: [
      'The plugin cache … cannot be used (…).',
      'The plugin cache … stays locked by another process; delete … if there is none.',
      'The cached … was changed.',
      'The file … of the cached … was changed.',
    ],
  },
];
