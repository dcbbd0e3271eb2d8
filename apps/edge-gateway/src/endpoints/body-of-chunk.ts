import { EndpointResponseChunk_ChunkType as ChunkType } from '@sluice/contracts/plugin';

/** Tag bytes of EndpointResponseChunk: `type` as a varint, `data` with its length. */
const TYPE = 0x08;
const DATA = 0x22;

/**
 * The data of a chunk that is BODY and says nothing else, without a copy: what streams move is most of what a gateway's memory is used for,
 * and collecting the copies keeps other requests waiting. Undefined for every other message, also a wrong one.
 */
export function bodyOfChunk(bytes: Uint8Array): Buffer | undefined {
  if (bytes[0] !== TYPE || bytes[1] !== ChunkType.BODY || bytes[2] !== DATA) return undefined;
  let length = 0;
  let at = 3;
  for (let shift = 0; ; shift += 7, at += 1) {
    const byte = bytes[at];
    if (byte === undefined || shift > 21) return undefined;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  at += 1;
  return length === bytes.length - at ? Buffer.from(bytes.buffer, bytes.byteOffset + at, length) : undefined;
}
