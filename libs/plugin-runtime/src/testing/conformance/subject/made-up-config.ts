type Schema = Readonly<Record<string, unknown>>;

/** Texts that fit the patterns and formats that configs mostly ask for. */
const TEXTS = ['conformance', 'conformance-test', 'conformance@example.com', 'https://example.com/conformance', '127.0.0.1:9', '1', 'Conformance', '2026-01-02T15:04:05Z'];

/** A config that a schema probably accepts: defaults, examples and choices first, plain values for what is required otherwise. */
export function makeUpConfig(schema: Schema): Record<string, unknown> {
  const value = makeUp(schema);
  return isRecord(value) ? value : {};
}

function makeUp(schema: Schema): unknown {
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  for (const list of [schema['examples'], schema['enum']]) if (Array.isArray(list) && list.length > 0) return list[0];
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type ?? (isRecord(schema['properties']) ? 'object' : 'string')) {
    case 'object':
      return makeUpObject(schema);
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, () => makeUp(isRecord(schema['items']) ? schema['items'] : {}));
    case 'number':
    case 'integer':
      return schema['minimum'] ?? schema['maximum'] ?? 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return makeUpText(schema);
  }
}

function makeUpObject(schema: Schema): Record<string, unknown> {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const entries = Object.entries(properties).filter((entry): entry is [string, Schema] => isRecord(entry[1]));
  return Object.fromEntries(entries.filter(([name, property]) => required.has(name) || 'default' in property).map(([name, property]) => [name, makeUp(property)]));
}

function makeUpText({ pattern, minLength }: Schema): string {
  const fits = (text: string) => typeof pattern !== 'string' || new RegExp(pattern).test(text);
  const text = TEXTS.find((candidate) => fits(candidate)) ?? TEXTS[0]!;
  return text.padEnd(Number(minLength ?? 0), 'x');
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
