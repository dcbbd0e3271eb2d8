/** What the host adds to every plugin's configuration. */
export interface HostKeys {
  pluginId: number;
  serviceBrokerId: number;
}

/**
 * A plugin's configuration as the `map<string,string>` of `Initialize`: strings as they are, numbers without exponent, booleans as words,
 * objects and arrays as JSON text, null left out. The host's own keys win over keys of the same name.
 */
export function flattenConfig(config: Readonly<Record<string, unknown>>, { pluginId, serviceBrokerId }: HostKeys): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) {
    const text = flatten(value);
    if (text !== undefined) flat[key] = text;
  }
  return {
    ...flat,
    _plugin_id: String(pluginId),
    plugin_id: String(pluginId),
    _service_broker_id: String(serviceBrokerId),
    service_broker_id: String(serviceBrokerId),
    has_service_api: 'true',
  };
}

function flatten(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return Number.isFinite(value) ? withoutExponent(value) : undefined;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? undefined : JSON.stringify(value);
    default:
      return undefined;
  }
}

/** The shortest decimal text that reads back as this number. */
function withoutExponent(value: number): string {
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value)) ?? [];
  if (whole === undefined || exponent === undefined) return String(value);
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
