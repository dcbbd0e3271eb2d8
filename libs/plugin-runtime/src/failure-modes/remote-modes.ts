import type { FailureMode } from './failure-mode';

/** Plugins at an address. */
export const remoteModes: readonly FailureMode[] = [
  { id: 'connection-lost', sentences: ['The connection to the plugin at … was lost. …'], pattern: /^The connection to the plugin at \S+ was lost\. / },
  { id: 'connection-hangs', sentences: ['The plugin did not answer three health checks in a row; the connection to it was given up.'] },
  {
    id: 'nothing-at-address',
    sentences: [
      'Nothing listens at …: the connection was refused.',
      '… cannot be reached (…).',
      'The name in … is not known here.',
      'Nothing answered at … in time; a firewall may be in between, or what listens there does not speak gRPC.',
      'No connection to … could be made: ….',
    ],
  },
  { id: 'no-reverse-address', sentences: ['This host could not listen for remote plugins at …:… (…); see PLUGIN_REVERSE_ADDRESS.'] },
  {
    id: 'no-way-back',
    sentences: ['The plugin asks for … of this host, which offers it no way back: set PLUGIN_REVERSE_ADDRESS to let remote plugins use the Service API and events.'],
  },
  { id: 'remote-limits', sentences: ['The limits of the manifest are not enforced: the plugin runs elsewhere, and whoever runs it has to see to them.'] },
  { id: 'remote-not-healthy', sentences: ['The plugin at … says that it is not healthy.'] },
  {
    id: 'connection-files',
    sentences: [
      'The file … for the connection to the plugin cannot be read (…).',
      'The files of … for the connection to the plugin cannot be used: ….',
    ],
  },
  { id: 'not-a-plugin-at-address', sentences: ['What answers at … speaks gRPC but is not a plugin: it does not know grpc.health.v1.Health/Check for the service plugin.'] },
  {
    id: 'tls-mismatch',
    sentences: [
      'What listens at … does not speak gRPC without TLS; add tls=on if it is a plugin with a certificate.',
      'What listens at … does not speak TLS; leave tls=on out if the plugin has no certificate.',
      'The plugin at … ended the TLS handshake (…); it may ask for a certificate of this host: name cert and key.',
      'The plugin at … did not accept the certificate of this host (…).',
      'The TLS connection to … failed: ….',
    ],
  },
];
