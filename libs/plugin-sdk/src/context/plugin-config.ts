/** Keys that the host adds to `Initialize`: for the SDK, not for the author. */
const HOST_KEYS: ReadonlySet<string> = new Set(['_plugin_id', 'plugin_id', '_service_broker_id', 'service_broker_id', 'has_service_api', '_service_address', '_service_token', '_service_tls', '_service_ca', '_plugin_runtime']);

/** The plugin's configuration. Values travel as text: objects and arrays as JSON, numbers and booleans as they read. */
export class PluginConfig {
  /** Every value as it came, without the keys that the host adds. */
  readonly raw: Readonly<Record<string, string>>;

  constructor(values: Readonly<Record<string, string>>) {
    this.raw = Object.freeze(Object.fromEntries(Object.entries(values).filter(([key]) => !HOST_KEYS.has(key))));
  }

  has(key: string): boolean {
    return Object.hasOwn(this.raw, key);
  }

  /** Throws a sentence when the key is missing and there is no fallback, as every reader here does. */
  string(key: string, fallback?: string): string {
    return this.read(key, fallback, (text) => text);
  }

  number(key: string, fallback?: number): number {
    return this.read(key, fallback, (text) => {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) throw new Error(`The config value "${key}" must be a number.`);
      return value;
    });
  }

  boolean(key: string, fallback?: boolean): boolean {
    return this.read(key, fallback, (text) => {
      if (text !== 'true' && text !== 'false') throw new Error(`The config value "${key}" must be true or false.`);
      return text === 'true';
    });
  }

  /** An object, an array, or whatever else is JSON. Its shape is the author's to check, best by a config schema. */
  json<T>(key: string, fallback?: T): T {
    return this.read(key, fallback, (text) => {
      try {
        return JSON.parse(text) as T;
      } catch (cause) {
        throw new Error(`The config value "${key}" must be JSON.`, { cause });
      }
    });
  }

  private read<T>(key: string, fallback: T | undefined, parse: (text: string) => T): T {
    if (this.has(key)) return parse(this.raw[key] ?? '');
    if (fallback === undefined) throw new Error(`The config value "${key}" is required.`);
    return fallback;
  }
}

/** The number that the host gave this plugin, or 0 when it said nothing. */
export function pluginIdOf(values: Readonly<Record<string, string>>): number {
  return decimal(values['_plugin_id'] ?? values['plugin_id']);
}

/** Where the host's services are announced on the broker, or 0 when it offers none. */
export function serviceBrokerIdOf(values: Readonly<Record<string, string>>): number {
  return decimal(values['_service_broker_id'] ?? values['service_broker_id']);
}

function decimal(text: string | undefined): number {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : 0;
}
