const SECRET_NAME = /(password|passphrase|secret|credential|authorization|private_?key|api_?key|(^|_)token$|^hash$)/i;
const REPLACEMENT = '[redacted]';

/** The net under every caller: whatever is named like a secret does not reach the audit trail. */
export function redact(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, SECRET_NAME.test(name) ? REPLACEMENT : redactValue(value)]));
}

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null ? redact(value as Record<string, unknown>) : value;
}
