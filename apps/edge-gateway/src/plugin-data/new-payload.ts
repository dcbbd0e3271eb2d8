import { gatewayErrors } from '../service-api/gateway-errors';

/** What a plugin hands in for its half in the studio. */
export interface NewPayload {
  payload: Buffer;
  correlationId: string;
  metadata: Readonly<Record<string, string>>;
}

export interface OutboxRoom {
  usedBytes: number;
  rowBytes: number;
  quotaBytes: number;
}

export const MAX_PAYLOAD_BYTES = 1_048_576;
const MAX_CORRELATION_ID_BYTES = 256;
const MAX_METADATA_BYTES = 16_384;
/** What the platform adds to the metadata begins with this. */
const RESERVED_PREFIX = 'sluice.';

/** Throws `gateway.payloadRefused` with a sentence when this cannot be queued, for what it is or for want of room. */
export function checkPayload({ payload, correlationId, metadata }: NewPayload, room?: OutboxRoom): void {
  if (payload.length > MAX_PAYLOAD_BYTES) refuse(`The payload has ${payload.length} bytes; at most ${MAX_PAYLOAD_BYTES} (1 MB) are allowed.`);
  if (Buffer.byteLength(correlationId) > MAX_CORRELATION_ID_BYTES) refuse(`A correlation id has at most ${MAX_CORRELATION_ID_BYTES} bytes.`);
  const texts = Object.entries(metadata).flat();
  if (texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > MAX_METADATA_BYTES) refuse(`The metadata of a payload has at most ${MAX_METADATA_BYTES} bytes, names and values together.`);
  if ([correlationId, ...texts].some((text) => text.includes('\u0000'))) refuse('Correlation id and metadata of a payload hold no NUL characters.');
  const reserved = Object.keys(metadata).find((name) => name.startsWith(RESERVED_PREFIX));
  if (reserved !== undefined) refuse(`The metadata "${reserved}" is not for plugins to set: names that begin with "${RESERVED_PREFIX}" are the platform's.`);
  if (room && room.usedBytes + room.rowBytes > room.quotaBytes) {
    refuse(`The studio has not fetched ${room.usedBytes} bytes that this plugin queued, and at most ${room.quotaBytes} may wait (PLUGIN_OUTBOX_QUOTA). Try again later.`);
  }
}

function refuse(detail: string): never {
  throw new gatewayErrors.payloadRefused({}, { detail });
}
