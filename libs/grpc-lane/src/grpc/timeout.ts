const UNITS_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 0.001, n: 0.000_001 };

/** TimeoutValue has at most 8 digits. */
const MAX_VALUE = 99_999_999;

/**
 * `grpc-timeout` for so many milliseconds, in the finest unit that holds it, never less than asked for ("Requests" of gRPC's PROTOCOL-HTTP2
 * document).
 */
export function encodeTimeout(timeoutMs: number): string {
  const ms = Math.max(1, Math.ceil(timeoutMs));
  for (const unit of ['m', 'S', 'M']) {
    const value = Math.ceil(ms / UNITS_MS[unit]!);
    if (value <= MAX_VALUE) return `${value}${unit}`;
  }
  return `${Math.min(Math.ceil(ms / UNITS_MS['H']!), MAX_VALUE)}H`;
}

/** Milliseconds; undefined when the text is no timeout. */
export function decodeTimeout(text: string): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(text);
  return match ? Number(match[1]) * UNITS_MS[match[2]!]! : undefined;
}
