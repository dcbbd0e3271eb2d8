import { defineErrors } from '@sluice/kernel';

/** What a request under `/plugins/` can end in, besides the plugin's own answer. */
export const endpointErrors = defineErrors('endpoint', {
  notFound: { kind: 'not_found', blame: 'caller', message: 'No plugin endpoint is registered at this path.' },
  methodNotAllowed: { kind: 'method_not_allowed', blame: 'caller', message: 'The endpoint does not take this method.' },
  tokenMissing: { kind: 'unauthenticated', blame: 'caller', message: 'The endpoint needs a token: send Authorization: Bearer, or ?token=.' },
  tokenInvalid: { kind: 'unauthenticated', blame: 'caller', message: 'The token is not valid.' },
  keysMissing: { kind: 'unavailable', blame: 'platform', message: 'The gateway waits for the studio to give it the key that tokens are checked with.' },
  bodyTooLarge: { kind: 'too_large', blame: 'caller', message: 'The body of the request is too large.' },
  pluginUnavailable: { kind: 'unavailable', blame: 'platform', message: 'The plugin is not running.' },
  pluginFailed: { kind: 'upstream_failed', blame: 'plugin', message: 'The plugin failed to answer.' },
  answerInvalid: { kind: 'upstream_failed', blame: 'plugin', message: 'The plugin gave an answer that cannot be sent.' },
  pluginTimedOut: { kind: 'upstream_timeout', blame: 'plugin', message: 'The plugin did not answer in time.' },
  refusedByPlugin: { kind: 'upstream_failed', blame: 'plugin', message: 'The plugin answered with an error.' },
});
