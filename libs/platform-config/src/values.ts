import { z } from 'zod';

const DURATION_UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const BYTE_UNITS: Record<string, number> = { '': 1, b: 1, k: 1_024, kb: 1_024, kib: 1_024, m: 1_048_576, mb: 1_048_576, mib: 1_048_576, g: 1_073_741_824, gb: 1_073_741_824, gib: 1_073_741_824 };

/** A length of time such as `500ms`, `30s`, `5m` or `1h30m`, read as milliseconds. */
export const duration = z.string().transform((text, context) => {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    context.addIssue({ code: 'custom', message: 'Write a duration such as 500ms, 30s, 5m or 1h30m.' });
    return z.NEVER;
  }
  return parts.reduce((sum, part) => sum + Number(part[1]) * DURATION_UNITS[part[2]!]!, 0);
});

/** A size such as `1048576`, `512KiB` or `1MB` (1024-based), read as bytes. */
export const bytes = z.string().transform((text, context) => {
  const match = /^(\d+)\s*([a-z]*)$/i.exec(text.trim());
  const unit = match ? BYTE_UNITS[match[2]!.toLowerCase()] : undefined;
  if (!match || unit === undefined) {
    context.addIssue({ code: 'custom', message: 'Write a size such as 1048576, 512KiB or 1MB.' });
    return z.NEVER;
  }
  return Number(match[1]) * unit;
});

/** `true`/`false`, `1`/`0`, `on`/`off` or `yes`/`no`. */
export const flag = z.string().transform((text, context) => {
  if (/^(true|1|on|yes)$/i.test(text)) return true;
  if (/^(false|0|off|no)$/i.test(text)) return false;
  context.addIssue({ code: 'custom', message: 'Write true or false.' });
  return z.NEVER;
});

/** A TCP port; 0 lets the operating system choose. */
export const port = z.string().transform((text, context) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) {
    context.addIssue({ code: 'custom', message: 'Write a port number from 0 to 65535.' });
    return z.NEVER;
  }
  return value;
});

/** Text that must not be empty. */
export const text = z.string().min(1, 'Must not be empty.');
