import type { Runtime } from '../context/runtime';
import { pluginIdOf } from '../context/plugin-config';

/** What a host says in `Initialize` about itself to a plugin that it did not start. */
export interface HostWords {
  runtime: Runtime;
  pluginId: number;
  /** Undefined when the host offers no services. */
  wayBack: WayBack | undefined;
}

export interface WayBack {
  /** `host:port`. */
  address: string;
  /** Good for as long as the host runs this generation. */
  token: string;
  tls: boolean;
  /** PEM; `''` for the authorities that Node.js knows. */
  ca: string;
}

export function readHostWords(config: Readonly<Record<string, string>>): HostWords {
  const [address, token] = [config['_service_address'] ?? '', config['_service_token'] ?? ''];
  return {
    runtime: config['_plugin_runtime'] === 'gateway' ? 'gateway' : 'studio',
    pluginId: pluginIdOf(config),
    wayBack: address === '' || token === '' ? undefined : { address, token, tls: config['_service_tls'] === 'on', ca: config['_service_ca'] ?? '' },
  };
}
