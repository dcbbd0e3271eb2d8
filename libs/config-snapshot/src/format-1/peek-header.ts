import type { Format1Header } from './snapshot';

/** A header is a few hundred bytes; this leaves room for long names. */
export const MAX_HEADER_BYTES = 16_384;

/**
 * Reads the header at the front of an encoded snapshot without reading the rest. Nothing is verified: good for labels such
 * as an ETag or a log line, or for a body that `openSnapshot` accepted. Undefined when there is no header.
 */
export function peekHeader(bytes: Uint8Array): Format1Header | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_HEADER_BYTES)).toString('utf8');
  // Inside a JSON string the quotes would be escaped, so the first match is the end of the header.
  const end = start.indexOf(',"key_id":"');
  if (end < 0) return undefined;
  try {
    const { header } = JSON.parse(`${start.slice(0, end)}}`) as { header?: Partial<Format1Header> };
    const { epoch, revision, root } = header ?? {};
    return typeof epoch === 'string' && typeof revision === 'number' && typeof root === 'string' ? (header as Format1Header) : undefined;
  } catch {
    return undefined;
  }
}
