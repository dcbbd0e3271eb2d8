import type { PluginDefinition, PluginRuntimeName } from '../host/plugin-host';
import { flattenConfig } from '../session/flatten-config';
import type { ReverseLease } from './reverse-door';

const NO_BROKER = 0;
const HOSTS_OWN = /^(_service_|_plugin_runtime$|service_broker_id$|has_service_api$)/;

/**
 * The config of `Initialize` for a plugin that somebody else runs. There is no broker: where a local plugin gets a broker id, this one
 * gets `_service_address`, `_service_token`, `_service_tls` and `_service_ca`, or nothing when this host lends no way back. `_plugin_runtime`
 * says what a local plugin reads in its environment.
 */
export function remoteConfig({ config, id }: Pick<PluginDefinition, 'config' | 'id'>, runtime: PluginRuntimeName, lease: Pick<ReverseLease, 'config'> | undefined): Record<string, string> {
  const flat = Object.entries(flattenConfig(config, { pluginId: id, serviceBrokerId: NO_BROKER })).filter(([key]) => !HOSTS_OWN.test(key));
  return { ...Object.fromEntries(flat), _plugin_runtime: runtime, ...(lease?.config ?? { has_service_api: 'false' }) };
}
