// Authors who write ES modules import names; Node cannot see those of the compiled CommonJS.
import sdk from './dist/index.js';

export const { BasePlugin, EndpointError, json, PluginConfig, serve, serveRemote, webAnswer, webRequest, webStream } = sdk;
