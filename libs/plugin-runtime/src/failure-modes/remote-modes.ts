import type { FailureMode } from './failure-mode';

/** Plugins at an address. */
export const remoteModes: readonly FailureMode[] = [
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
