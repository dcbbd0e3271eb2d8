import type { FailureMode } from './failure-mode';

/** The process and its handshake. */
export const startModes: readonly FailureMode[] = [
  { id: 'ended-before-handshake', sentences: ['The plugin ended before the handshake ….'] },
  { id: 'closed-output', sentences: ['The plugin closed its output before the handshake.'] },
  {
    id: 'no-handshake',
    sentences: [
      'The plugin did not print its handshake within … s.',
      'The plugin did not print its handshake within … s, only ….',
    ],
  },
  {
    id: 'not-a-handshake',
    sentences: [
      'The first line that the plugin printed is not a go-plugin handshake: ….',
      '…; it ended ….',
    ],
  },
  {
    id: 'other-protocol',
    sentences: [
      'The plugin speaks go-plugin core protocol …; this host speaks ….',
      'The plugin speaks plugin protocol version …; this host offers version ….',
      'The plugin speaks …; this host speaks only grpc.',
    ],
  },
  { id: 'unexpected-certificate', sentences: ['The plugin asks for TLS with a certificate of its own, but this host did not offer AutoMTLS.'] },
  {
    id: 'no-certificate',
    sentences: [
      'This host asks for certificates (PLUGIN_AUTO_MTLS=on) and the plugin has none: build it with an SDK that knows AutoMTLS, or set PLUGIN_AUTO_MTLS=auto.',
      'The certificate in the handshake of the plugin cannot be read.',
    ],
  },
  {
    id: 'bad-address',
    sentences: [
      'The plugin names the socket …, which is not an absolute path.',
      'The plugin listens on …, which is not an address of this machine alone.',
      'The plugin listens on …, which does not lie in the folder that PLUGIN_UNIX_SOCKET_DIR named.',
      'The plugin listens on …, which is not a socket.',
      'The plugin listens on a … network; this host connects to unix and tcp.',
    ],
  },
  { id: 'no-connection', sentences: ['The plugin did not accept a connection within … s of its handshake.'] },
  {
    id: 'not-healthy',
    sentences: [
      'The plugin did not say within … s that it is healthy.',
      'The plugin did not say within … s after Initialize that it is healthy.',
    ],
  },
  { id: 'could-not-be-started', sentences: ['The plugin could not be started: ….'] },
  { id: 'ended-early', sentences: ['The plugin ended … ….'], pattern: /^The plugin ended (?:after|during|while) / },
];
