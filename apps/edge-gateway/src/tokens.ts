/** Names of what has no class of its own to be asked for by. */
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');
export const IDENTITY = Symbol('identity');
export const PLUGIN_HOST = Symbol('plugin host');
export const TELEMETRY = Symbol('telemetry');
