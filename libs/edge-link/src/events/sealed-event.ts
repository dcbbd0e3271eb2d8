import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkedEvent } from './linked-event';

/** One event on its way through one channel. */
export interface EventLetter {
  event: LinkedEvent;
  /** Whose channel it was written for. */
  namespace: string;
  /** Which process wrote it: a name for people who read logs. */
  from: string;
  /** Milliseconds since 1970 by the sender's clock. */
  sentAt: number;
}

export type OpenedEvent = { ok: true; letter: EventLetter } | { ok: false; reason: 'malformed' | 'signature' };

const FORMAT = 1;
const MAC_END = 33;
const HEADER_START = 37;

/**
 * One byte with the format, 32 with the HMAC-SHA256 of the format and of everything behind it, four with the length of the header
 * (big-endian), the header as JSON, the payload. What is authenticated are the very bytes that travel: there is one way to read them, and
 * nothing is read before they have proved to be right.
 */
export function sealEvent({ event, namespace, from, sentAt }: EventLetter, key: Uint8Array): Buffer {
  const { id, topic, origin, direction, payload } = event;
  const header = Buffer.from(JSON.stringify({ id, topic, origin, direction, namespace, from, sentAt }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const rest = Buffer.concat([length, header, payload]);
  return Buffer.concat([Buffer.of(FORMAT), macOf(rest, key), rest]);
}

export function openEvent(bytes: Buffer, key: Uint8Array): OpenedEvent {
  if (bytes.length < HEADER_START || bytes[0] !== FORMAT) return { ok: false, reason: 'malformed' };
  const rest = bytes.subarray(MAC_END);
  if (!timingSafeEqual(bytes.subarray(1, MAC_END), macOf(rest, key))) return { ok: false, reason: 'signature' };
  const payloadStart = HEADER_START + rest.readUInt32BE();
  const header = readHeader(bytes.subarray(HEADER_START, payloadStart));
  if (!header || payloadStart > bytes.length) return { ok: false, reason: 'malformed' };
  const { id, topic, origin, direction, namespace, from, sentAt } = header;
  // Copied: it may wait for a slow reader, and would keep all that came with it over the connection.
  const payload = Buffer.from(bytes.subarray(payloadStart));
  return { ok: true, letter: { event: { id, topic, origin, direction, payload }, namespace, from, sentAt } };
}

function macOf(rest: Buffer, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(Buffer.of(FORMAT)).update(rest).digest();
}

type Header = Omit<LinkedEvent, 'payload' | 'namespaces'> & Omit<EventLetter, 'event'>;

const HEADER_TYPES = { id: 'string', topic: 'string', origin: 'string', direction: 'number', namespace: 'string', from: 'string', sentAt: 'number' };

/** Its writer has the key, but may be of another version. */
function readHeader(json: Buffer): Header | undefined {
  try {
    const header = JSON.parse(json.toString()) as Record<string, unknown>;
    return Object.entries(HEADER_TYPES).every(([name, type]) => typeof header[name] === type) ? (header as unknown as Header) : undefined;
  } catch {
    return undefined;
  }
}
