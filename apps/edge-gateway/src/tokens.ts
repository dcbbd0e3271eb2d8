/** Names of what has no class of its own to be asked for by. */
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const IDENTITY = Symbol('identity');
export const PLUGIN_HOST = Symbol('plugin host');
export const TELEMETRY = Symbol('telemetry');
export const HEALTH = Symbol('health');
/** Which generation of a plugin takes the calls of an endpoint. */
export const ENDPOINT_PLUGINS = Symbol('endpoint plugins');
/** What of the configuration this gateway may say that it runs. */
export const ENFORCED_STATE = Symbol('enforced state');
/** Where bytes of snapshots come to, where those that were applied are kept, and who hears of it. */
export const SNAPSHOT_CONSUMER = Symbol('snapshot consumer');
export const SNAPSHOT_KEEPER = Symbol('snapshot keeper');
export const APPLIED_REPORTER = Symbol('applied reporter');
