import { defineErrors } from '@sluice/kernel';

/** What can go wrong with a plugin, whoever runs it. */
export const pluginErrors = defineErrors('plugin', {
  badCommand: { kind: 'invalid', blame: 'caller', message: 'The plugin command cannot be used.' },
  runDirectoryTooLong: { kind: 'internal', blame: 'platform', message: 'The directory for plugin processes has too long a path.' },
  runDirectoryClosed: { kind: 'internal', blame: 'platform', message: 'The directory for plugin processes is closed to the users that plugins run under.' },
  startFailed: { kind: 'upstream_failed', blame: 'plugin', message: 'The plugin could not be started.' },
  notLoaded: { kind: 'unavailable', blame: 'platform', message: 'The plugin is not running.' },
  callFailed: { kind: 'upstream_failed', blame: 'plugin', message: 'The plugin returned an error.' },
  callTimedOut: { kind: 'upstream_timeout', blame: 'plugin', message: 'The plugin did not answer in time.' },
  scopeMissing: { kind: 'forbidden', blame: 'plugin', message: 'The plugin may not call this part of the Service API.' },
  callLimited: { kind: 'rate_limited', blame: 'plugin', message: 'The plugin asks too much of the Service API.' },
  topicForbidden: { kind: 'forbidden', blame: 'plugin', message: 'The plugin may not use this event topic.' },
  tooManySubscriptions: { kind: 'rate_limited', blame: 'plugin', message: 'The plugin has too many event subscriptions open.' },
  badTopic: { kind: 'invalid', blame: 'plugin', message: 'The event topic cannot be used.' },
});
